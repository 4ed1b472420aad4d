"""The pages of a round: periods, their schedule, their categories with rules and panels, and the steps of the round."""
