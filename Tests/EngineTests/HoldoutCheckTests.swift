import Testing

@testable import Engine

struct HoldoutCheckTests {
  @Test func `predicted and bought are compared by number of repeats`() throws {
    let check = HoldoutCheck(
      repeats: [0, 0, 1, 7, 12], predicted: [0.25, 0.25, 1, 4, 6], actual: [0, 1, 1, 3, 8])
    #expect(check.total == .init(repeats: 0, customers: 5, predicted: 11.5, actual: 13))
    #expect(check.classes[0] == .init(repeats: 0, customers: 2, predicted: 0.5, actual: 1))
    #expect(check.classes[7] == .init(repeats: 7, customers: 2, predicted: 10, actual: 11))
    #expect(check.classes.count == 8 && check.classes[4].customers == 0)
    #expect(check.meanAbsoluteError == 0.8)
    #expect(HoldoutCheck(repeats: [], predicted: [], actual: []).meanAbsoluteError == nil)
  }

  /// The sum is that of the Python package lifetimes 0.11.3: the model expects an eighth too few.
  @Test func `the shop for music buys about as forecast`() throws {
    let music = ForecastSample.music
    let model = try PurchaseModel.fit(.bgnbd, to: music.histories)
    let forecasts = try FutureOrders(
      model: model, horizon: ForecastHorizon(days: 273), repeats: music.repeats,
      ageDays: music.age
    ).forecasts(repeats: music.repeats, lastAgeDays: music.lastAge, ageDays: music.age)
    let check = HoldoutCheck(
      repeats: music.repeats, predicted: forecasts.expectedOrders, actual: music.holdout)
    #expect(check.total.actual == 1_882)
    #expect(abs(check.total.predicted - 1_653.4) < 0.1)
    #expect(check.classes[0].customers == 1_411)
    #expect((check.meanAbsoluteError ?? 9) < (check.meanAbsoluteErrorOfMean ?? 0))
  }
}
