/// Calendar arithmetic on day numbers: days since 1970-01-01 in the proleptic Gregorian calendar.
/// - Source: Hinnant: chrono-Compatible Low-Level Date Algorithms, 2013.
package enum Day {
  /// The day number of a date that exists.
  package static func number(year: Int, month: Int, day: Int) -> Int {
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// The day in which a moment lies, in seconds since 1970.
  package static func number(ofTime seconds: Int64) -> Int {
    Int(Vector.flooredQuotient(seconds, Vector.secondsOfDay))
  }

  /// The date of a day number.
  @inlinable
  package static func date(_ number: Int) -> (year: Int, month: Int, day: Int) {
    let z = number + 719_468
    let era = (z >= 0 ? z : z - 146_096) / 146_097
    let dayOfEra = z - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    return (
      yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1
    )
  }

  /// Days in a month.
  package static func count(inMonth month: Int, year: Int) -> Int {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    default: 31
    }
  }

  /// The day `months` later, clamped to the month's end.
  package static func add(months: Int, to number: Int) -> Int {
    let (year, month, day) = date(number)
    let index = 12 * year + month - 1 + months
    let newYear = index >= 0 ? index / 12 : (index - 11) / 12
    let newMonth = index - 12 * newYear + 1
    return self.number(
      year: newYear, month: newMonth, day: min(day, count(inMonth: newMonth, year: newYear)))
  }

  /// 1 = Monday … 7 = Sunday.
  package static func weekday(_ number: Int) -> Int {
    let shifted = (number + 3) % 7
    return (shifted >= 0 ? shifted : shifted + 7) + 1
  }
}
