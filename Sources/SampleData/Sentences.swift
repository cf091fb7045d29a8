import Store

/// The texts that records choose from: causes, reasons, notes. A record holds an index; the bytes
/// are copied from here.
struct Pool {
  private let block: TextBlock

  init(_ texts: [String]) { block = TextBlock(texts) }

  /// One text a line.
  init(lines: String) { self.init(lines.split(separator: "\n").map(String.init)) }

  /// How many texts.
  var count: Int { block.count }

  /// The bytes of one text.
  func bytes(_ index: Int) -> ArraySlice<UInt8> { block.bytes[block.range(of: index)] }
}

/// Sentences by what they are about.
enum Sentences {
  /// Why a complaint was made; the commonest first, as their weights have it.
  static let causes = Pool(
    lines: """
      late delivery
      wrong item delivered
      damaged on arrival
      invoice does not match the order
      nobody called back
      product stopped working
      waited too long on the phone
      parts missing
      price differs from the quotation
      installation failed
      discourteous answer
      manual only in English
      packaging arrived open
      charged twice
      """)
  /// Few causes make most complaints.
  static let causeWeights: [Double] = [30, 16, 12, 9, 8, 7, 5, 4, 3, 2, 1.5, 1, 1, 0.5]

  /// How a complaint was settled.
  static let resolutions = Pool(
    lines: """
      replaced free of charge
      refunded in full
      partial refund agreed
      repaired on site
      apology and a call from the owner
      credit note sent
      delivery repeated by courier
      explained, nothing to correct
      invoice corrected
      training visit arranged
      """)

  /// Why a customer's stage changed, by the stage moved to.
  static func reasons(to stage: Stage) -> Range<Int> {
    let starts = [0, 5, 9, 13, 18, 24, 33]
    let index = Int(stage.rawValue)
    return starts[index]..<starts[index + 1]
  }

  /// All reasons of stage changes, grouped by the stage moved to.
  static let reasons = Pool(
    lines: """
      new address from a campaign
      asked for a quotation
      met at a trade fair
      asked for the catalogue
      wants to talk again
      first order
      signed the first contract
      bought on recommendation
      trial turned into an order
      settled in
      profile talk held
      welcome programme finished
      first questions answered
      regular buyer
      annual agreement signed
      problem solved, customer stays
      won back with a new offer
      needs are known
      late delivery, twice
      angry call after a complaint
      complaint not solved
      threatens to leave
      supply problem
      escalated by the owner
      bought elsewhere
      stopped ordering
      contract cancelled
      business closed
      moved away
      unresolved complaint
      price increase not accepted
      never answered
      said so in the exit interview
      """)

  /// The reason "problem solved, customer stays" and "won back with a new offer".
  static let solvedReason = 15
  static let wonBackReason = 16

  /// Why a customer left, as the account says; the last three come with a bad complaint.
  static let departures = Pool(
    lines: """
      cheaper offer from a competitor
      no longer needed
      moved away
      business closed
      product range too small
      deliveries too slow
      contact person changed
      taken over by another firm
      unresolved complaint
      poor service
      promises not kept
      """)
  /// How many of `departures` have nothing to do with a complaint.
  static let plainDepartureCount = 8

  /// Notes on interactions with no known or an ordinary outcome.
  static let plainNotes = Pool(
    lines: """
      Sent the new price list.
      Asked for a call back next week.
      Wants delivery on Tuesdays only.
      Talked through the next quarter's demand.
      Left a message; no answer yet.
      Asked about volume discounts.
      Updated the delivery address.
      Needs the invoice in two copies.
      Prefers e-mail to the phone.
      Will decide after the holidays.
      Spoke with the buyer; the engineer joins next time.
      Showed the new range, interested in two items.
      Café meeting, no decision.
      Compares us with two other suppliers.
      Asked whether spare parts are in stock.
      Confirmed the order by telephone.
      Wishes a visit in spring.
      Registered for the workshop in Málaga.
      Reklamáció nélkül, everything in order.
      資料を送付しました。
      已发送报价单。
      Schickt die Unterlagen bis Freitag.
      Rappeler après le 15.
      Quiere una demostración en su oficina.
      """)
  /// Notes on interactions that exceeded what was expected.
  static let gladNotes = Pool(
    lines: """
      Very pleased with how fast we answered.
      Said nobody else had called back the same day.
      Thanked the technician by name.
      Would recommend us to a colleague.
      Surprised that the replacement came overnight.
      Praised the driver's help.
      Très content de la solution.
      "Best service in years", he said.
      Delighted: the part arrived before promised.
      """)
  /// Notes on interactions that disappointed.
  static let angryNotes = Pool(
    lines: """
      Waited three days for an answer.
      Promised call did not come.
      Third time the same part is missing.
      Doesn't trust our dates any more.
      Was put through four times.
      Says the quotation and the invoice differ.
      Angry about the late delivery.
      Wants to speak to the owner's manager.
      Ya no confía en los plazos.
      Felt brushed off at the counter.
      """)

  /// Every note: plain, glad, angry.
  static let notes = Pool(
    [plainNotes, gladNotes, angryNotes].flatMap { pool in
      (0..<pool.count).map { String(decoding: pool.bytes($0), as: UTF8.self) }
    })

  /// A note that fits the outcome.
  static func note(for outcome: Outcome?, _ random: inout Random) -> UInt8 {
    switch outcome {
    case .exceeded: UInt8(plainNotes.count + random.below(gladNotes.count))
    case .disappointed:
      UInt8(plainNotes.count + gladNotes.count + random.below(angryNotes.count))
    default: UInt8(random.below(plainNotes.count))
    }
  }
}
