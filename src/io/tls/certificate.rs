//! The few fields of an X.509 certificate that error messages need and rustls does not give.
//!
//! Source: RFC 5280, section 4.1. Nothing that is parsed here decides about trust alone: the dates are used for
//! certificates that are trusted byte for byte, the key where no certificate is to be verified.

/// What is read of a certificate.
#[derive(Debug)]
pub(super) struct Certificate<'a> {
    issuer: &'a [u8],
    subject: &'a [u8],
    key: (&'a [u8], &'a [u8]),
    /// Seconds since 1970.
    pub(super) not_before: u64,
    /// Seconds since 1970.
    pub(super) not_after: u64,
}

impl<'a> Certificate<'a> {
    /// None for what is not a certificate.
    pub(super) fn parse(der: &'a [u8]) -> Option<Self> {
        let certificate = Der(der).expect(SEQUENCE)?;
        let mut fields = Der(Der(certificate).expect(SEQUENCE)?);
        if fields.0.first() == Some(&VERSION) {
            fields.expect(VERSION)?;
        }
        fields.expect(INTEGER)?;
        fields.expect(SEQUENCE)?;
        let issuer = fields.expect(SEQUENCE)?;
        let mut validity = Der(fields.expect(SEQUENCE)?);
        let (not_before, not_after) = (validity.time()?, validity.time()?);
        let subject = fields.expect(SEQUENCE)?;
        let mut key = Der(fields.expect(SEQUENCE)?);
        let algorithm = key.expect(SEQUENCE)?;
        // A bit string begins with how many bits of its last byte do not count: none, for keys.
        let key = (algorithm, key.expect(BIT_STRING)?.strip_prefix(&[0])?);
        Some(Self { issuer, subject, key, not_before, not_after })
    }

    pub(super) fn is_self_signed(&self) -> bool {
        self.issuer == self.subject
    }

    /// The algorithm of the public key, without the sequence's head, and the key itself.
    pub(super) fn public_key(&self) -> (&'a [u8], &'a [u8]) {
        self.key
    }

    /// The common name of the issuer, else its organisation.
    pub(super) fn issuer_name(&self) -> Option<String> {
        attribute(self.issuer, COMMON_NAME).or_else(|| attribute(self.issuer, ORGANIZATION))
    }
}

/// A day of the Gregorian calendar from seconds since 1970: `2031-07-04`.
pub(super) fn date(seconds: u64) -> String {
    // Howard Hinnant's civil_from_days, for days after 1970. Years begin in March, so that leap days come last.
    let days = seconds / 86_400 + 719_468;
    let era = days / 146_097;
    let day_of_era = days % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OBJECT_IDENTIFIER: u8 = 0x06;
const UTC_TIME: u8 = 0x17;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const VERSION: u8 = 0xa0;
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
const ORGANIZATION: &[u8] = &[0x55, 0x04, 0x0a];

fn attribute(name: &[u8], wanted: &[u8]) -> Option<String> {
    let mut sets = Der(name);
    while let Some(set) = sets.expect(SET) {
        let mut attribute = Der(Der(set).expect(SEQUENCE)?);
        if attribute.expect(OBJECT_IDENTIFIER)? == wanted {
            return attribute.any().map(|(_, text)| String::from_utf8_lossy(text).into_owned());
        }
    }
    None
}

/// The rest of a run of tag-length-value triples.
struct Der<'a>(&'a [u8]);

impl<'a> Der<'a> {
    /// The value of the next triple, if it has this tag.
    fn expect(&mut self, tag: u8) -> Option<&'a [u8]> {
        self.any().filter(|(found, _)| *found == tag).map(|(_, value)| value)
    }

    fn any(&mut self) -> Option<(u8, &'a [u8])> {
        let (&tag, rest) = self.0.split_first()?;
        let (&first, rest) = rest.split_first()?;
        let (length, rest) = if first < 0x80 {
            (usize::from(first), rest)
        } else {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            if digits.len() > 4 {
                return None;
            }
            (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
        };
        let (value, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some((tag, value))
    }

    /// UTCTime (`YYMMDDHHMMSSZ`) or GeneralizedTime (`YYYYMMDDHHMMSSZ`), in seconds since 1970.
    fn time(&mut self) -> Option<u64> {
        let (tag, text) = self.any()?;
        let text = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let (year, rest) = text.split_at_checked(if tag == UTC_TIME { 2 } else { 4 })?;
        let year: u64 = year.parse().ok()?;
        // RFC 5280, section 4.1.2.5.1: 50 to 99 are of the last century.
        let year = match tag {
            UTC_TIME if year < 50 => 2000 + year,
            UTC_TIME => 1900 + year,
            _ => year,
        };
        if rest.len() != 10 {
            return None;
        }
        let field = |at: usize| rest[at..at + 2].parse::<u64>().ok();
        let (month, day, hour, minute, second) = (field(0)?, field(2)?, field(4)?, field(6)?, field(8)?);
        // Days from 0000-03-01, the inverse of `date`.
        let (year, month_from_march) = if month > 2 { (year, month - 3) } else { (year.checked_sub(1)?, month + 9) };
        let days = year * 365 + year / 4 - year / 100 + year / 400 + (153 * month_from_march + 2) / 5 + day;
        // Before 1970 is as good as 1970.
        Some(days.saturating_sub(719_469) * 86_400 + hour * 3_600 + minute * 60 + second)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_survive_the_round_trip() {
        for (text, seconds, day) in [
            ("700101000000", 0, "1970-01-01"),
            ("000229123456", 951_827_696, "2000-02-29"),
            ("310704000000", 1_940_889_600, "2031-07-04"),
            ("491231235959", 2_524_607_999, "2049-12-31"),
        ] {
            let der = [&[UTC_TIME, 13], text.as_bytes(), b"Z"].concat();
            assert_eq!(Der(&der).time(), Some(seconds), "{text}");
            assert_eq!(date(seconds), day);
        }
        let der = [&[0x18, 15], &b"20500301000000Z"[..]].concat();
        assert_eq!(Der(&der).time().map(date).as_deref(), Some("2050-03-01"));
    }

    #[test]
    fn rubbish_is_no_certificate() {
        for rubbish in
            [&b""[..], b"\x30", b"\x30\x84\xff\xff\xff\xff", b"\x30\x85\x01\x01\x01\x01\x01", b"\x30\x02\x30\x00"]
        {
            assert!(Certificate::parse(rubbish).is_none());
        }
    }
}
