"""The figures that ask whether a change is real."""

from portal.figures import change_numbers as numbers
from portal.figures.compare import Comparison, changed, of_rates, of_shares, rates_method, shares_method
from portal.figures.people import Builder
from portal.language import t

RECEIVED = Comparison(
    "change.received", "demand.received", "quarter", numbers.received, of_rates, rates_method,
    lambda: (t("Is the number of crisis calls changing?"), t("Crisis calls by quarter, and the change since"),
             t("Crisis calls")), numbers.received_by_month)
ANSWERED = Comparison(
    "change.answered", "response.met", "quarter", numbers.answered, of_shares, shares_method,
    lambda: (t("Does the team answer a larger share of the calls it could take?"),
             t("Calls answered, of those the team could take, and the change since"), t("Answered")),
    numbers.answered_by_month)
PER_HOUR = Comparison(
    "change.per_hour", "response.met", "quarter", numbers.per_hour, of_rates, rates_method,
    lambda: (t("Does the team answer more calls in an hour on duty?"),
             t("Calls answered, by hours on duty, and the change since"), t("Answered")), numbers.per_hour_by_month)
ARREST = Comparison(
    "change.arrest", "outcome.arrest", "run", numbers.conduct("outcome.arrest"), of_shares, shares_method,
    lambda: (t("Is the share that ends in arrest changing?"),
             t("Responses that ended in an arrest, and the change since"), t("Arrests")),
    numbers.by_run("outcome.arrest", numbers.conduct("outcome.arrest"), lambda: t("Arrests, of all responses")))
FORCE = Comparison(
    "change.force", "outcome.force", "run", numbers.conduct("outcome.force"), of_shares, shares_method,
    lambda: (t("Is the use of force changing?"), t("Responses with force, and the change since"), t("Force used")),
    numbers.by_run("outcome.force", numbers.conduct("outcome.force"), lambda: t("Force used, of all responses")))
REFERRAL = Comparison(
    "change.referral", "care.referral", "run", numbers.connected, of_shares, shares_method,
    lambda: (t("Do more people accept a referral to care?"), t("Referrals accepted, and the change since"),
             t("Referral accepted")),
    numbers.by_run("care.referral", numbers.connected, lambda: t("Referral accepted, of all responses")))

CHANGES: dict[str, Builder] = {one.id: changed(one)
                               for one in (RECEIVED, ANSWERED, PER_HOUR, ARREST, FORCE, REFERRAL)}
