import Testing

@testable import Engine

struct SpendModelTests {
  static let plain = SpendModel(p: 6.25, q: 3.74, v: 15.44, logLikelihood: 0)

  /// 946 customers bought on more than one day up to 1997-09-30; m is what a repeat day brought on
  /// average, the first day left out, all records of a day added up.
  @Test func `the shop for music gives the published figures`() throws {
    let music = ForecastSample.music
    let histories = SpendHistories(repeats: music.repeats, spendMinor: music.spend)
    let model = try SpendModel.fit(to: histories)
    #expect(model.customerCount == 946)
    #expect(PurchaseModelTests.rounded(model.p, 2) == 6.25)
    #expect(PurchaseModelTests.rounded(model.q, 2) == 3.74)
    #expect(PurchaseModelTests.rounded(model.v, 2) == 15.44)
    #expect(PurchaseModelTests.rounded(model.correlation ?? 0, 4) == 0.1139)
    #expect(abs(model.logLikelihood / 946 + 4.287439423680627) < 1e-6)
    #expect(model.atBorder.isEmpty && SpendCondition.conditions(of: model).isEmpty)
    let population = try #require(model.populationMean)
    #expect(abs(population - model.p * model.v / (model.q - 1)) < 1e-12)
  }

  @Test func `a fit finds the model that made the customers`() throws {
    let sample = ForecastSample.madeUp(
      40_000, by: PurchaseModelTests.models[1], spending: Self.plain, seed: 2)
    let histories = SpendHistories(repeats: sample.repeats, spendMinor: sample.spend)
    let model = try SpendModel.fit(to: histories)
    #expect(abs(model.p / 6.25 - 1) < 0.05 && abs(model.q / 3.74 - 1) < 0.05)
    #expect(abs(model.v / 15.44 - 1) < 0.1 && abs(model.correlation ?? 1) < 0.05)
    let shuffled = sample.shuffled(seed: 9)
    let again = try SpendModel.fit(
      to: SpendHistories(repeats: shuffled.repeats, spendMinor: shuffled.spend))
    #expect(model == again)
    // Money in thousandths of the unit: v alone follows.
    let pence = try SpendModel.fit(
      to: SpendHistories(repeats: sample.repeats, spendMinor: sample.spend, unitMinor: 0.1))
    #expect(abs(pence.v / model.v / 1_000 - 1) < 1e-6 && abs(pence.p / model.p - 1) < 1e-6)
  }

  @Test func `refunds and customers without repeats take no part`() {
    let histories = SpendHistories(
      repeats: [0, 1, 2, 3, 3], spendMinor: [900, 0, -500, 600, 600])
    #expect(histories.customerCount == 2 && histories.spend == [6])
    #expect(histories.correlation == nil)
    #expect(SpendCondition(histories) == .fewSpenders(spenders: 2, least: 30))
    #expect(Self.plain.expectedSpend(repeats: 2, meanSpend: -250) == nil)
    let large = SpendHistories(repeats: [1_000_000, 1], spendMinor: [1 << 50, 100])
    #expect(large.groups.map(\.repeats) == [1, 1_000_000])
    #expect(abs(large.spend[1] * 100 / Double(1 << 50) - 1) < 1e-9)
  }

  /// With q ≤ 1 a mean over the customers does not exist; the formula would give a negative one.
  @Test(
    arguments: [(0.5, 0, nil), (1, 0, nil), (0.5, 1, 33.6), (2, 0, 40.0)]
      as [(Double, Int, Double?)])
  func `an infinite mean is none`(q: Double, repeats: Int, expected: Double?) {
    let model = SpendModel(p: 2, q: q, v: 20, logLikelihood: 0)
    let value = model.expectedSpend(repeats: repeats, meanSpend: 5.2)
    #expect((value == nil) == (expected == nil))
    if let value, let expected { #expect(abs(value - expected) < 1e-12) }
    #expect(SpendCondition.conditions(of: model) == (q <= 1 ? [.meanIsInfinite(q: q)] : []))
  }

  /// Everyone spends the same: p has no upper bound.
  @Test func `spend that does not vary puts a parameter at the border`() throws {
    let repeats = (0..<60).map { Int32($0 % 5 + 1) }
    let histories = SpendHistories(repeats: repeats, spendMinor: repeats.map { Int64($0) * 2_000 })
    let model = try SpendModel.fit(to: histories)
    #expect(!model.atBorder.isEmpty && model.correlation == nil)
    let expected = try #require(model.expectedSpend(repeats: 3, meanSpend: 20))
    #expect(abs(expected - 20) < 0.1)
  }
}
