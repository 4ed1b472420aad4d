"""How a person works a form: with the mouse, with the keyboard alone, or in a browser that shows and scripts nothing.

All find everything by what is written on the page. Mouse and keyboard count what they do, since the guide says how much work an
instrument is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, expect

MOST_TABS = 400
PASTED = 60
"""Texts longer than this are pasted where there is only a keyboard."""


@dataclass
class Hand:
    """Fills forms by their labels; what stands there already is left as it is."""

    page: Page
    done: Counter[str] = field(default_factory=Counter)

    def write(self, label: str, text: str, inside: Locator | None = None) -> None:
        place = self.labelled(label, inside)
        if place.input_value() != text:
            self.done.update(fields=1, keys=len(text))
            self._write(place, text)

    def pick(self, label: str, option: str, inside: Locator | None = None) -> None:
        """An option of a list, by its words."""
        place = self.labelled(label, inside)
        if place.locator("option:checked").inner_text() != option:
            self.done.update(fields=1)
            self._pick(place, option)

    def choose(self, group: str, option: str) -> None:
        """One of a few named choices, by its name; the sentence on its effect may follow."""
        labels = self.page.get_by_role("group", name=exactly(group)).locator("label.option")
        place = labels.nth(own_words(labels).index(option)).get_by_role("radio")
        if not place.is_checked():
            self.done.update(fields=1)
            self._choose(place)

    def tick(self, group: str, options: list[str]) -> None:
        """Exactly these boxes of a group."""
        labels = self.page.get_by_role("group", name=exactly(group)).locator("label.option")
        words = own_words(labels)
        assert set(options) <= set(words), f"{group}: {options} of {words}"
        for at, word in enumerate(words):
            self._set(labels.nth(at).get_by_role("checkbox"), wanted=word in options)

    def switch(self, label: str, *, on: bool) -> None:
        self._set(self.labelled(label), wanted=on)

    def activate(self, place: Locator) -> None:
        self.done.update(clicks=1)
        self._activate(place)

    def press(self, button: str) -> None:
        self.done.update(clicks=1)
        self._activate(self.page.get_by_role("button", name=button, exact=True).and_(self.page.locator(":not([tabindex='-1'])")))

    def follow(self, link: str) -> None:
        self.done.update(clicks=1)
        self._activate(self.page.get_by_role("link", name=link, exact=True).first)

    def labelled(self, label: str, inside: Locator | None = None) -> Locator:
        return (inside or self.page).get_by_label(exactly(label))

    def _set(self, place: Locator, *, wanted: bool) -> None:
        if place.is_checked() != wanted:
            self.done.update(fields=1)
            self._choose(place)

    def _write(self, place: Locator, text: str) -> None:
        place.fill(text)

    def _pick(self, place: Locator, option: str) -> None:
        place.select_option(label=option)

    def _choose(self, place: Locator) -> None:
        place.click()

    def _activate(self, place: Locator) -> None:
        with self._followed(place):
            place.click()

    @contextmanager
    def _followed(self, place: Locator) -> Iterator[None]:
        """What a link or the button of a form leads to has arrived, also where a script saves first."""
        if not place.evaluate("place => place.matches('a[href], button:not([type=button])')"):
            yield
            return
        self.page.wait_for_load_state("domcontentloaded")
        with self.page.expect_event("domcontentloaded"):
            yield


class Keys(Hand):
    """The keyboard alone: Tab and Shift+Tab to get there, arrows, space and Enter to act, typing."""

    def _write(self, place: Locator, text: str) -> None:
        self.go(place)
        self.page.keyboard.press("Control+A")
        if len(text) > PASTED:
            self.page.keyboard.insert_text(text)
        elif text:
            self.page.keyboard.type(text)
        else:
            self.page.keyboard.press("Delete")
        expect(place).to_have_value(text)

    def _pick(self, place: Locator, option: str) -> None:
        self.go(place)
        at = place.evaluate("(list, words) => [...list.options].findIndex(o => o.text.trim() === words) - list.selectedIndex", option)
        for _ in range(abs(at)):
            self.page.keyboard.press("ArrowDown" if at > 0 else "ArrowUp")
        expect(place.locator("option:checked")).to_have_text(option)

    def _choose(self, place: Locator) -> None:
        """A box is toggled by space; among radio buttons the arrows move the choice."""
        if place.get_attribute("type") == "checkbox":
            self.go(place)
            self.page.keyboard.press("Space")
            return
        steps = place.evaluate(
            """radio => {
                const all = [...document.getElementsByName(radio.name)];
                return all.indexOf(radio) - all.findIndex(one => one.checked);
            }"""
        )
        group = self.page.locator(f'input[name="{place.get_attribute("name")}"]')
        self.go(group.and_(self.page.locator(":checked")))
        for _ in range(abs(steps)):
            self.page.keyboard.press("ArrowDown" if steps > 0 else "ArrowUp")
        expect(place).to_be_checked()

    def _activate(self, place: Locator) -> None:
        self.go(place)
        with self._followed(place):
            self.page.keyboard.press("Enter")

    def go(self, place: Locator) -> None:
        """Tab, or Shift+Tab where that is nearer, until the place has the focus."""
        place.wait_for()
        for _ in range(MOST_TABS):
            steps = place.evaluate(STEPS)
            if steps == 0:
                return
            for _ in range(max(1, abs(steps))):
                self.done.update(tabs=1)
                self.page.keyboard.press("Tab" if steps > 0 else "Shift+Tab")
        raise AssertionError(f"the keyboard does not reach {place}")


class Plain(Hand):
    """A browser that shows and scripts nothing: it opens the same pages in the same session and sends their forms as they are.

    A page costs a tenth of what it costs to be painted, so this is the hand for the twelfth form of a kind.
    """

    def open(self, address: str) -> None:
        self._work("open", address)

    def write(self, label: str, text: str, inside: Locator | None = None) -> None:
        assert inside is None, "nothing is drawn, so there is no place to look inside of"
        self._work("write", label, text)

    def pick(self, label: str, option: str, inside: Locator | None = None) -> None:
        assert inside is None, "as above"
        self._work("pick", label, option)

    def choose(self, group: str, option: str) -> None:
        self._work("choose", group, [option])

    def tick(self, group: str, options: list[str]) -> None:
        self._work("choose", group, options)

    def press(self, button: str) -> None:
        self._work("press", button)

    def follow(self, link: str) -> None:
        self._work("follow", link)

    def _work(self, act: str, *given: object) -> object:
        return self.page.evaluate(f"([act, given]) => (window.plain ??= {PLAIN})[act](...given)", [act, given])


PLAIN = """(() => {
    const words = (place) => place.textContent.replace(/\\s+/g, " ").trim();
    const bare = (text) => text.replace(/ wajib$/, "");
    const own = (label) => [...label.childNodes].filter((part) => part.nodeType === 3).map((part) => part.data).join("").trim();
    let page, address;
    const one = (found, what) => {
        if (found.length !== 1) throw new Error(`${found.length} of ${what} on ${address}`);
        return found[0];
    };
    const load = async (asked) => {
        const answer = await asked;
        if (!answer.ok) throw new Error(`${answer.status} of ${answer.url}`);
        address = answer.url;
        page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const refused = page.querySelector("[aria-invalid]");
        if (refused) throw new Error(`${refused.name} was refused on ${address}`);
    };
    const labelled = (label) => one(
        [...page.querySelectorAll("input:not([type=hidden]), select, textarea")]
            .filter((place) => [place.ariaLabel ?? "", ...[...place.labels].map(words)].some((text) => bare(text) === label)),
        label,
    );
    return {
        open: (url) => load(fetch(url)),
        write: (label, text) => { labelled(label).value = text; },
        pick: (label, option) => {
            one([...labelled(label).options].filter((each) => each.text.trim() === option), option).selected = true;
        },
        choose: (group, options) => {
            const sets = [...page.querySelectorAll("fieldset")];
            const set = one(sets.filter((each) => bare(words(each.querySelector("legend"))) === group), group);
            const labels = [...set.querySelectorAll("label.option")];
            for (const option of options) one(labels.filter((label) => own(label) === option), option);
            for (const label of labels) label.querySelector("input").checked = options.includes(own(label));
        },
        press: (name) => {
            const button = one([...page.querySelectorAll("button:not([tabindex='-1'])")].filter((each) => words(each) === name), name);
            const action = button.getAttribute("formaction") ?? button.form.getAttribute("action") ?? "";
            return load(fetch(new URL(action, address), { method: "POST", body: new FormData(button.form, button) }));
        },
        follow: (name) => {
            const links = [...page.links].filter((link) => (link.ariaLabel ?? words(link)) === name);
            return load(fetch(new URL(links[0].getAttribute("href"), address)));
        },
    };
})()"""
"""The page that was opened last, and what is done on it."""

STEPS = """place => {
    const at = document.activeElement;
    if (at === place) return 0;
    const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')]
        .filter(one => one.tabIndex >= 0 && !one.disabled && one.type !== 'hidden' && one.checkVisibility({ visibilityProperty: true }))
        .filter(one => one.type !== 'radio' || one.checked || one === at);
    const from = all.indexOf(at);
    return from < 0 ? 1 : all.indexOf(place) - from;
}"""
"""How many steps of the Tab key it is from where the focus is; one step at a time where that cannot be told."""


def exactly(label: str) -> re.Pattern[str]:
    """A label, with or without the word that says it must be filled in."""
    return re.compile(rf"^\s*{re.escape(label)}(\s+wajib)?\s*$")


def own_words(labels: Locator) -> list[str]:
    """What choices are called, without the sentence on their effect."""
    words: list[str] = labels.evaluate_all(
        "all => all.map(one => [...one.childNodes].filter(part => part.nodeType === 3).map(part => part.data).join('').trim())"
    )
    return words
