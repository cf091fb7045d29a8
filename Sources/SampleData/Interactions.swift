/// The points of contact of one customer with the firm.
struct Interactions {
  /// A row of `interactions`.
  struct Row: Dated {
    var customer: Int32
    var day: Int32
    var employee: Int32
    /// Row of the contact, -1 for none.
    var contact: Int32
    /// Row of the campaign, -1 for none.
    var campaign: Int16
    var minute: Int16
    var channel: UInt8
    var direction: UInt8
    var purpose: UInt8
    /// `unknownCode` when nobody noted it.
    var outcome: UInt8
    /// Index into `Sentences.notes`.
    var note: UInt8
  }

  /// Who talks with whom.
  struct Parties {
    var customer: Int
    var owner: Int32
    var firstContact: Int
    var contactCount: Int
  }

  private(set) var rows: [Row] = []

  /// Sets room aside.
  init(capacity: Int) { rows.reserveCapacity(capacity) }

  /// Appends the interactions of one life: outreach, sale and welcome at the beginning, the
  /// complaints' moments, and what comes up in between at the customer's own pace. On the way out
  /// most are disappointed once more, and then there is silence.
  mutating func add(
    _ life: Life, traits: Traits, parties: Parties, surveyDays: [Int], firm: Firm,
    _ random: inout Random
  ) {
    let writer = Writer(life: life, traits: traits, parties: parties, firm: firm)
    if traits.campaign >= 0 {
      writer.write(life.joined, .campaign, .outgoing, campaign: traits.campaign, to: &rows, &random)
    }
    let outreachEnd = life.firstOrder ?? min(life.joined + 200, Timeline.lastDay)
    for _ in 0..<random.poisson(mean: 0.5) where outreachEnd > life.joined {
      let day = random.between(life.joined, outreachEnd)
      let running = firm.campaigns.running(on: day, &random)
      writer.write(
        day, running == nil ? .sale : .campaign, .outgoing, campaign: running ?? -1, to: &rows,
        &random)
    }
    if let first = life.firstOrder {
      if random.chance(0.35) { writer.write(first, .sale, .incoming, to: &rows, &random) }
      if random.chance(0.65) {
        writer.write(first + random.between(2, 25), .welcome, .outgoing, to: &rows, &random)
      }
      writer.writeService(from: first, &random, to: &rows)
    }
    for complaint in life.complaints { writer.write(complaint, to: &rows, &random) }
    if let departure = life.departure, random.chance(0.75) {
      let day = departure.silentFrom - random.between(1, 60)
      if day > life.joined {
        writer.write(day, .service, .incoming, outcome: .disappointed, to: &rows, &random)
      }
    }
    for day in surveyDays where random.chance(0.5) {
      writer.write(day, .survey, .outgoing, to: &rows, &random)
    }
  }
}

/// Writes the rows of one customer.
private struct Writer {
  let life: Life
  let traits: Traits
  let parties: Interactions.Parties
  let firm: Firm

  /// Contacts at the customer's own pace, steadier than chance: each gap is the sum of three
  /// exponential ones.
  func writeService(from first: Int, _ random: inout Random, to rows: inout [Interactions.Row]) {
    func gap(_ random: inout Random) -> Double {
      let third = 1 / (3 * traits.contactRate)
      return random.exponential(mean: third) + random.exponential(mean: third)
        + random.exponential(mean: third)
    }
    var moment = Double(first) + gap(&random)
    while moment < Double(Timeline.lastDay + 1) {
      let day = Int(moment)
      switch random.below(10) {
      case 0..<5: write(day, .service, .incoming, to: &rows, &random)
      case 5..<8: write(day, .followUp, .outgoing, to: &rows, &random)
      default: write(day, .sale, random.chance(0.5) ? .incoming : .outgoing, to: &rows, &random)
      }
      moment += gap(&random)
    }
  }

  /// The moments of a complaint: it disappoints when made; quickly put right, it exceeds what was
  /// expected, and a failure disappoints again. Who leaves intensive care well does so with amends.
  func write(
    _ complaint: Life.Complaint, to rows: inout [Interactions.Row], _ random: inout Random
  ) {
    if complaint.care != nil || random.chance(0.75) {
      write(
        complaint.opened, .complaint, .incoming, outcome: .disappointed, to: &rows, &random)
    }
    if complaint.handling != .recovered, let until = complaint.care?.until, random.chance(0.8) {
      write(until, .followUp, .outgoing, outcome: .exceeded, to: &rows, &random)
    }
    guard let resolved = complaint.resolved else { return }
    switch complaint.handling {
    case .recovered:
      write(resolved, .complaint, .outgoing, outcome: .exceeded, to: &rows, &random)
    case .settled where random.chance(0.6):
      write(resolved, .followUp, .outgoing, outcome: .met, to: &rows, &random)
    case .failed where random.chance(0.4):
      write(resolved, .complaint, .incoming, outcome: .disappointed, to: &rows, &random)
    default: break
    }
  }

  /// One row, unless the day lies in silence (a complaint breaks it) or after the data. People here
  /// call out on workdays only.
  func write(
    _ wanted: Int, _ purpose: Purpose, _ direction: Direction, campaign: Int = -1,
    outcome given: Outcome? = nil, to rows: inout [Interactions.Row], _ random: inout Random
  ) {
    let day = direction == .outgoing ? Timeline.workday(wanted) : wanted
    guard day <= Timeline.lastDay && (purpose == .complaint || !life.isSilent(on: day)) else {
      return
    }
    let outcome = given ?? drawOutcome(on: day, &random)
    let isService = purpose == .complaint ? random.chance(0.5) : purpose == .service
    let employee =
      isService && random.chance(0.6)
      ? firm.employees.pick(.service, country: traits.country, &random) : parties.owner
    let hasContact = parties.contactCount > 0 && random.chance(0.85)
    let contact =
      hasContact
      ? parties.firstContact
        + min(
          random.below(parties.contactCount), random.below(parties.contactCount)) : -1
    let channel =
      campaign >= 0 ? firm.campaigns.rows[campaign].channel : Self.channels[random.below(16)]
    rows.append(
      Interactions.Row(
        customer: Int32(parties.customer), day: Int32(day),
        employee: random.chance(0.03) ? -1 : firm.employees.present(employee, on: day),
        contact: Int32(contact), campaign: Int16(campaign),
        minute: Int16(480 + random.below(360) + random.below(300)), channel: channel.rawValue,
        direction: direction.rawValue, purpose: purpose.rawValue,
        outcome: outcome?.rawValue ?? unknownCode,
        note: random.chance(0.42) ? Sentences.note(for: outcome, &random) : unknownCode))
    // A contact that went wrong is mostly made good, unless the customer is on the way out.
    if given == nil, outcome == .disappointed, !life.isFading(on: day), random.chance(0.65) {
      write(
        day + random.between(4, 40), .followUp, .outgoing, outcome: .exceeded, to: &rows, &random)
    }
  }

  /// What nobody noted is unknown; the rest follows the mood, and disappoints on the way out.
  private func drawOutcome(on day: Int, _ random: inout Random) -> Outcome? {
    if random.chance(0.38) { return nil }
    let tilt = (traits.mood - 68) / 150
    let disappointed = max(0.02, 0.09 - tilt + (life.isFading(on: day) ? 0.25 : 0))
    let drawn = random.uniform()
    if drawn < disappointed { return .disappointed }
    return drawn > 0.8 - tilt ? .exceeded : .met
  }

  private static let channels: [Channel] = [
    .email, .email, .email, .email, .email, .phone, .phone, .phone, .phone, .phone, .web, .web,
    .visit, .visit, .social, .mail,
  ]
}
