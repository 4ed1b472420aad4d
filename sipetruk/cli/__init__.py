"""The command `sipetruk`: for whoever runs the server.

Exit codes: 0 done or equal, 1 refused or different, 2 wrong use or an unreadable file.
"""

from __future__ import annotations

import click

from sipetruk.cli import accounts, care, checks, evidence, filling, instruments, server


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="sipetruk", prog_name="sipetruk")
def main() -> None:
    """SI PETRUK: pemilihan ASN berprestasi Kabupaten Balangan."""


for command in (
    filling.migrate,
    filling.demo,
    filling.import_file,
    filling.codes,
    server.serve,
    server.worker,
    accounts.user,
    checks.schema,
    checks.verify,
    care.check_system,
    care.retention,
    instruments.instrument,
    checks.audit_group,
    evidence.evidence_group,
):
    main.add_command(command)
