//! Days since 1970 as dates of the Gregorian calendar, and back. Knows no time zone.

use std::fmt;
use std::str::FromStr;

/// A day.
///
/// Invariant: it is in the calendar, and its year is one of four digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Date {
    year: i64,
    month: i64,
    day: i64,
}

/// Days of 400 years, in which the calendar repeats.
const ERA_DAYS: i64 = 146_097;

/// Days from 0000-03-01 to 1970-01-01.
const EPOCH: i64 = 719_468;

/// The date so many days after 1970-01-01.
pub(crate) fn date_of(days: i64) -> Date {
    let days = days + EPOCH;
    let (era, day_of_era) = (days.div_euclid(ERA_DAYS), days.rem_euclid(ERA_DAYS));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    // Months from March on, so that the leap day is the last one.
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    Date { year: era * 400 + year_of_era + i64::from(month <= 2), month, day }
}

impl Date {
    /// Days after 1970-01-01.
    pub(crate) fn days(self) -> i64 {
        let year = self.year - i64::from(self.month <= 2);
        let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let month = (self.month + 9) % 12;
        let day_of_year = (153 * month + 2) / 5 + self.day - 1;
        era * ERA_DAYS + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - EPOCH
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// `2026-11-25`
impl FromStr for Date {
    type Err = ();

    fn from_str(text: &str) -> Result<Date, ()> {
        let mut parts = text.splitn(3, '-').map(|part| part.parse::<i64>().map_err(|_| ()));
        let mut part = || parts.next().unwrap_or(Err(()));
        let date = Date { year: part()?, month: part()?, day: part()? };
        let is_written = (1000..=9999).contains(&date.year) && (1..=12).contains(&date.month);
        if is_written && date_of(date.days()) == date { Ok(date) } else { Err(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Date, date_of};

    #[test]
    fn days_and_dates_go_both_ways() {
        for (days, date) in
            [(0, "1970-01-01"), (11_016, "2000-02-29"), (20_782, "2026-11-25"), (-1, "1969-12-31")]
        {
            assert_eq!(date_of(days).to_string(), date);
            assert_eq!(date.parse::<Date>().map(Date::days), Ok(days));
        }
        for days in -200_000..200_000 {
            assert_eq!(date_of(days).days(), days);
        }
    }
}
