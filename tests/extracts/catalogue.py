"""All kinds of damage. The list is fixed: kinds are added, never taken out, and never made easier."""

from tests.extracts import kinds_codes, kinds_files, kinds_keys, kinds_rows, kinds_times
from tests.extracts.kind import KINDS, Kind

MODULES = (kinds_times, kinds_keys, kinds_codes, kinds_rows, kinds_files)
ALL: tuple[Kind, ...] = tuple(KINDS.values())

# Kinds that are not yet told from right, as the mapping stands or once the analyst leaves out what was refused. This
# list only shrinks.
KNOWN_SILENT = frozenset([
    "a_key_for_each_unit", "a_month_twice_with_new_keys", "a_type_missing", "a_type_missing_in_another_city",
    "all_in_utc", "all_in_utc_from_a_day_on", "all_in_utc_without_roster", "another_district_from_a_day_on",
    "blank_for_no", "blank_from_a_day_on", "blank_in_a_month", "calls_in_utc", "covered_times_blank", "cut_at_1000",
    "cut_at_1000_in_no_order", "cut_at_2000_in_no_order", "duration_filled_in", "eligible_filled_in",
    "epoch_read_as_local", "half_a_month_missing", "header_shifted", "hidden_rows", "inverted_from_a_day_on",
    "last_days_missing", "last_weeks_missing", "local_epoch_read_as_true", "new_code_into_the_rest", "newest_1000",
    "nights_missing", "nights_missing_from_a_day_on", "no_filled_in", "one_column_sorted", "only_the_team_s_calls",
    "only_the_team_s_calls_from_a_day_on", "outcome_filled_in", "outcome_into_the_rest", "outcomes_swapped_midway",
    "person_blank_from_a_day_on", "person_cut_short", "person_hyphen", "person_inner_blank", "person_inner_hyphen",
    "person_is_the_call", "person_nines", "person_not_available", "person_null", "person_of_a_test",
    "person_renumbered", "person_rounded", "person_scientific", "person_small_letters", "person_unknown",
    "person_with_point", "person_without_zeros", "person_zero", "quotes_that_swallow_a_row",
    "quotes_that_swallow_rows", "race_filled_in", "renamed_in_another_city", "renamed_into_the_rest",
    "roster_ends_early", "roster_in_utc", "roster_of_another_team", "roster_of_another_year",
    "roster_of_the_year_before", "roster_with_days_swapped", "roster_without_a_month", "roster_without_pm",
    "small_letters_into_the_rest", "some_rows_twice", "standard_time_all_year", "team_filled_in", "team_in_utc",
    "team_s_columns_a_row_too_low", "totals_row_like_a_call", "unknown_code", "weekends_missing", "wholly_blank",
    "without_roster", "workbook_with_errors", "yes_and_no_shifted", "yes_filled_in", "zone_names_as_letters",
    "zone_of_another_city",
])
