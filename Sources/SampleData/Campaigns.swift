import Store

/// The campaigns, one begun about every forty days, of different quality.
struct Campaigns {
  /// One campaign.
  struct Row {
    var name: String
    var channel: Channel
    var starts: Int32
    var ends: Int32
    var cost: Int
    /// Multiplies how long the customers it brought stay.
    var quality: Double
  }

  /// The campaigns, by their first day.
  private(set) var rows: [Row] = []

  /// Campaigns from the end of 2018 on; the last ends after the data does, as planned.
  init(customerCount: Int, _ random: inout Random) {
    let channels: [Channel] = [.email, .mail, .social, .phone, .visit, .web, .social, .email]
    let motifs = [
      "Spring offer", "Welcome package", "Trade fair", "Summer café", "Back to work", "Winter sale",
      "New range", "Friends' week", "Jubiläum", "Saisonstart",
    ]
    var day = Timeline.firstDay - 30
    while day < Timeline.lastDay - 10 {
      let starts = Timeline.workday(day)
      let length = random.between(60, 110)
      let number = rows.count
      let year = Day.date(starts).year
      rows.append(
        Row(
          name: "\(motifs[random.below(motifs.count)]) \(year)/\(number + 1)",
          channel: channels[random.below(channels.count)], starts: Int32(starts),
          ends: Int32(starts + length),
          cost: (200 + customerCount * random.between(2, 9) / 10) * 100,
          quality: 0.6 + 1.2 * random.uniform()))
      day += random.between(30, 50)
    }
  }

  /// A campaign that runs on `day`, if chance meets one.
  func running(on day: Int, _ random: inout Random) -> Int? {
    var low = 0
    var high = rows.count
    while low < high {
      let middle = (low + high) / 2
      if Int(rows[middle].starts) <= day { low = middle + 1 } else { high = middle }
    }
    let index = low - 1 - random.below(2)
    return index >= 0 && Int(rows[index].ends) >= day ? index : nil
  }
}
