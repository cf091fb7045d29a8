/// What happens to one customer in time: orders, complaints, leaving and coming back.
///
/// One value is reused for all customers, so that its arrays are allocated once.
struct Life {
  /// One complaint and what came of it.
  struct Complaint {
    /// How the complaint was handled.
    enum Handling {
      /// Put right within a week, better than expected.
      case recovered
      /// Put right, slowly.
      case settled
      /// Not put right, or far too late.
      case failed
    }

    var opened: Int
    /// nil while it is open.
    var resolved: Int?
    var severity: Severity
    var handling: Handling
    /// First and last day in intensive care; nil when the complaint did not lead there.
    var care: (from: Int, until: Int?)?
  }

  /// How and when a customer leaves. The days may lie beyond the end of the data: the signs come
  /// first.
  struct Departure {
    /// The last order or complaint.
    var last: Int
    /// The day on which the stage becomes dissociation, if it is recorded.
    var day: Int
    /// From here on payments slow down, balances fall and moments disappoint.
    var fadesFrom: Int
    /// From here on there is no contact.
    var silentFrom: Int
    /// Whether the firm noticed, within the data.
    var isRecorded: Bool
    /// Whether a complaint is the reason.
    var isAngry: Bool
  }

  /// A dissociated customer who came back.
  struct Return {
    var day: Int
    /// Back to recruitment, else straight to account management.
    var isRecruitment: Bool
  }

  private(set) var joined = 0
  private(set) var orderDays: [Int32] = []
  private(set) var complaints: [Complaint] = []
  /// Indices in `orderDays` of the first order of each time with us.
  private(set) var beginnings: [Int] = []
  private(set) var departure: Departure?
  private(set) var comeback: Return?
  /// Whether the customer's first order was on the day they joined.
  private(set) var isWalkIn = false

  /// The day of the first order.
  var firstOrder: Int? { orderDays.first.map(Int.init) }

  /// How many complaints were handled so, those still waiting to be put right left out.
  func count(_ handling: Complaint.Handling) -> Int {
    var count = 0
    for complaint in complaints where complaint.handling == handling {
      if handling == .failed || complaint.resolved != nil { count += 1 }
    }
    return count
  }

  /// Whether `day` is in the time before leaving when the signs show.
  func isFading(on day: Int) -> Bool {
    guard let departure else { return false }
    return day >= departure.fadesFrom && day <= departure.day
  }

  /// Whether contact has stopped on `day`: before leaving, and until a return.
  func isSilent(on day: Int) -> Bool {
    guard let departure, day >= departure.silentFrom else { return false }
    guard let comeback else { return true }
    return day < comeback.day
  }

  /// Lives the customer's life from the day of joining to the end of the data.
  mutating func live(from day: Int, traits: Traits, _ random: inout Random) {
    joined = day
    orderDays.removeAll(keepingCapacity: true)
    complaints.removeAll(keepingCapacity: true)
    beginnings.removeAll(keepingCapacity: true)
    departure = nil
    comeback = nil
    isWalkIn = traits.kind == .person && random.chance(0.15)
    let wait = isWalkIn ? 0 : 2 + random.exponential(mean: 75)
    let first = Double(day) + wait
    if random.chance(traits.source.conversion) && first < Self.end {
      buy(from: first, traits: traits, &random)
    } else {
      isWalkIn = false
      giveUp(&random)
    }
  }

  private static let end = Double(Timeline.lastDay + 1)

  /// Orders come at the customer's rate, and after each repeat order the customer leaves with the
  /// customer's probability. A complaint put right quickly raises the rate and lowers the
  /// probability from then on; one that is not may end it all. Who came back has a reason to stay.
  /// - Source: Fader, Hardie & Lee 2005 (BG/NBD); the recovery effect: McCollough & Bharadwaj, The recovery
  ///   paradox, AMA 1992.
  private mutating func buy(from first: Double, traits: Traits, _ random: inout Random) {
    var rate = traits.orderRate
    var dropout = traits.dropout
    var moment = first
    var isFirst = true
    var recoveryCount = 0
    var complaintAt = first + random.exponential(mean: 1 / traits.complaintRate)
    while moment < Self.end {
      if isFirst { beginnings.append(orderDays.count) }
      let day = Int(moment)
      orderDays.append(Int32(traits.kind == .organisation ? Timeline.workday(day) : day))
      var hasLeft = !isFirst && random.chance(dropout)
      isFirst = false
      var isAngry = false
      var last = day
      var next = moment + Self.gap(mean: 1 / rate, &random)
      while !hasLeft && complaintAt < min(next, Self.end) {
        let complaint = complain(on: Int(complaintAt), traits, &random)
        last = complaint.opened
        let over = Double(complaint.resolved ?? complaint.opened + 60)
        switch complaint.handling {
        case .recovered:
          // Once or twice; nobody becomes a customer for complaints' sake.
          guard recoveryCount < 2 else { break }
          recoveryCount += 1
          rate *= 1.7
          dropout *= 0.4
          if next > over { next = over + Self.gap(mean: 1 / rate, &random) }
        case .settled: break
        case .failed:
          rate *= 0.7
          // Who is still waiting is the likelier to go.
          isAngry = random.chance(complaint.resolved == nil ? 0.65 : 0.22)
          hasLeft = isAngry
        }
        complaintAt =
          max(over, complaintAt + 1) + random.exponential(mean: 1 / traits.complaintRate)
      }
      if hasLeft {
        let paces = (order: 1 / rate, contact: 1 / traits.contactRate)
        guard let back = leave(last: last, isAngry: isAngry, paces, &random) else { return }
        next = back
        isFirst = true
        dropout *= 0.3
        complaintAt = max(complaintAt, back)
      }
      moment = next
    }
  }

  /// The days from one order to the next: steadier than chance, so that one's own pace is a habit
  /// whose break means something.
  private static func gap(mean: Double, _ random: inout Random) -> Double {
    0.4 * mean + random.exponential(mean: 0.6 * mean)
  }

  /// Adds one complaint, decides how it is handled and whether it leads to intensive care.
  private mutating func complain(on day: Int, _ traits: Traits, _ random: inout Random) -> Complaint
  {
    let severity: Severity =
      switch random.below(20) {
      case 0..<10: .low
      case 10..<16: .medium
      default: .high
      }
    let handling: Complaint.Handling
    let days: Int
    switch random.below(20) {
    case 0..<8:
      handling = .recovered
      days = random.between(0, 6)
    case 8..<14:
      handling = .settled
      days = random.between(8, 35)
    default:
      handling = .failed
      days = random.between(30, 120)
    }
    var complaint = Complaint(
      opened: day, resolved: day + days, severity: severity, handling: handling, care: nil)
    let leadsToCare: Double =
      switch (severity, handling) {
      case (.high, _): 0.95
      case (_, .failed): 0.8
      case (.medium, _): 0.55
      default: 0.08
      }
    if random.chance(leadsToCare) {
      let from = day + random.between(4, 12)
      let stay =
        switch handling {
        case .recovered: random.between(14, 60)
        case .settled: random.between(60, 200)
        case .failed: random.between(200, 600)
        }
      complaint.care = (from, from + stay)
    }
    if handling == .failed && random.chance(0.3) || day + days > Timeline.lastDay {
      complaint.resolved = nil
    }
    complaints.append(complaint)
    return complaint
  }

  /// Leaves for good, or until the returned moment.
  ///
  /// The firm notices when two to three times the usual gap between orders has passed, for one in
  /// eight much later; contact stops some of the own usual gaps before, and payments and balances
  /// suffer from before the last order.
  ///
  /// - Parameter paces: Mean days between orders and between contacts.
  private mutating func leave(
    last: Int, isAngry: Bool, _ paces: (order: Double, contact: Double), _ random: inout Random
  ) -> Double? {
    // Whoever leaves a second time does so quietly.
    guard departure == nil else { return nil }
    var day = last
    if isAngry {
      day += random.between(100, 190)
    } else {
      day += Int(min(280, max(50, paces.order * (2.1 + random.uniform()))))
    }
    if random.chance(0.12) { day += random.between(90, 360) }
    departure = Departure(
      last: last, day: day,
      fadesFrom: min(day - random.between(150, 280), last - random.between(20, 90)),
      silentFrom: day - Int(min(330, max(95, paces.contact * (1.9 + 1.2 * random.uniform())))),
      isRecorded: day <= Timeline.lastDay, isAngry: isAngry)
    if isAngry, let index = complaints.indices.last { complaints[index].care?.until = nil }
    guard random.chance(0.12) else { return nil }
    let back = day + random.between(60, 90) + Int(random.exponential(mean: 200))
    guard back <= Timeline.lastDay else { return nil }
    let isRecruitment = random.chance(0.5)
    comeback = Return(day: back, isRecruitment: isRecruitment)
    if !isRecruitment { return Double(back) }
    return random.chance(0.6) ? Double(back + random.between(10, 60)) : nil
  }

  /// A prospect who never bought: some are given up after a while.
  private mutating func giveUp(_ random: inout Random) {
    let day = joined + random.between(150, 700)
    guard random.chance(0.5) && day <= Timeline.lastDay else { return }
    departure = Departure(
      last: joined, day: day, fadesFrom: day - 200, silentFrom: day - random.between(90, 140),
      isRecorded: true, isAngry: false)
  }
}
