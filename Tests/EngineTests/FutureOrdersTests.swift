import Glibc
import Testing

@testable import Engine

struct FutureOrdersTests {
  /// By mpmath with 30 digits: a, b+n, r+x, τ, and the integral.
  static let references: [(Double, Double, Double, Double, Double)] = [
    (0.793, 4.426, 2.243, 0.001, 0.0022424475982064),
    (0.793, 4.426, 2.243, 0.9, 1.6854349739427), (0.793, 4.426, 2.243, 50, 19.462881129008),
    (1, 1, 1, 0.001, 0.00099950033308353), (1, 1, 1, 0.9, 0.64185388617239),
    (1, 1, 1, 50, 3.9318256327243), (1, 3, 2.5, 0.9, 1.6634418316817),
    (1, 3, 2.5, 50, 11.155765674148), (0.05, 0.5, 0.2, 0.001, 0.00019998909632496),
    (0.05, 0.5, 0.2, 0.9, 0.17371152775501), (0.05, 0.5, 0.2, 50, 8.0490457338429),
    (0.001, 0.4, 0.3, 0.9, 0.26972812477172), (0.001, 0.4, 0.3, 50, 14.922321800571),
    (2, 0.0005, 0.243, 0.9, 0.14442883181616), (2, 0.0005, 0.243, 50, 0.61557717511473),
    (0.9999999, 2, 3, 0.9, 1.7573920335682), (0.9999999, 2, 3, 50, 8.8440450385155),
    (0.8, 2_002, 2_000.2, 0.001, 1.9994010381157), (0.8, 2_002, 2_000.2, 0.9, 1370.1157394561),
    (0.8, 2_002, 2_000.2, 50, 11961.332068622), (300, 900, 2_000, 0.001, 1.57386960258514),
    (300, 900, 2_000, 0.9, 4.01003344481605), (1e4, 1e4, 5, 0.001, 0.00499250874169404),
    (1e4, 1e4, 5, 0.9, 1.68801222458265), (1e4, 1e4, 5, 50, 2.00009984150459),
    (1e-4, 1e4, 1e-4, 50, 0.0049999987540114), (1e-4, 1e-4, 1e-4, 0.9, 7.7091096760804e-5),
    (1e-4, 1e-4, 1e-4, 50, 0.00269583881558),
  ]

  @Test func `the integral is right to ten digits, also where the closed form fails`() {
    for (a, rest, power, tau, expected) in Self.references {
      let value = DropoutRule(a: a, rest: rest, power: power).expectedOrders(within: tau)
      #expect(
        abs(value / expected - 1) < 1e-10, "\((a, rest, power, tau)): \(value / expected - 1)")
    }
  }

  static let models: [PurchaseModel] = PurchaseModel.Kind.allCases.flatMap { kind in
    [
      PurchaseModel(kind: kind, r: 0.243, alpha: 4.414, a: 0.793, b: 2.426, logLikelihood: 0),
      PurchaseModel(kind: kind, r: 0.3, alpha: 0.001, a: 1, b: 1e-4, logLikelihood: 0),
      PurchaseModel(kind: kind, r: 30, alpha: 5e3, a: 200, b: 1e4, logLikelihood: 0),
    ]
  }

  /// New customers and old, few purchases and many, in one answer.
  @Test(arguments: models, [20.0, 365.25 * 2])
  func `many customers get what one gets`(model: PurchaseModel, days: Double) throws {
    let repeats: [Int32] = [0, 0, 1, 1, 2, 7, 7, 63, 400, 2_000]
    let lastAge: [Int32] = [0, 0, 1, 300, 270, 9, 700, 710, 1_190, 9_990]
    let age: [Int32] = [0, 720, 1, 720, 273, 10, 720, 720, 1_200, 10_000]
    for discount in [0, 0.12] {
      let horizon = ForecastHorizon(days: days, yearlyDiscount: discount)
      let forecasts = try FutureOrders(
        model: model, horizon: horizon, repeats: repeats, ageDays: age
      ).forecasts(repeats: repeats, lastAgeDays: lastAge, ageDays: age)
      for row in repeats.indices {
        func expected(_ weeks: Double) -> Double {
          model.expectedOrders(
            over: weeks, repeats: Int(repeats[row]), lastAge: Double(lastAge[row]) / 7,
            age: Double(age[row]) / 7)
        }
        let orders = expected(days / 7)
        let discounted = horizon.discounted(expected)
        #expect(abs(forecasts.expectedOrders[row] - orders) <= 1e-8 * orders)
        #expect(abs(forecasts.discountedOrders[row] - discounted) <= 1e-8 * discounted)
        if discount == 0 {
          #expect(forecasts.discountedOrders[row] == forecasts.expectedOrders[row])
        }
        let wait = model.medianWait(
          repeats: Int(repeats[row]), age: Double(age[row]) / 7,
          aliveProbability: forecasts.aliveProbability[row])
        let isWithin = wait <= horizon.weeks
        #expect((forecasts.nextOrderDays[row] > 0) == isWithin)
      }
    }
  }

  @Test func `a horizon ends with a part of a month`() {
    let whole = ForecastHorizon(days: 365.25, yearlyDiscount: 0.21)
    #expect(whole.monthEnds.count == 12)
    #expect(
      abs(whole.discounts[11] - 1 / 1.21) < 1e-15 && abs(whole.discounts[5] - 1 / 1.1) < 1e-15)
    let part = ForecastHorizon(days: 273, yearlyDiscount: 0.21)
    #expect(part.monthEnds.count == 9 && part.weeks == 39)
    #expect(part.discounts[8] < part.discounts[7] && part.discounts[8] > whole.discounts[8])
    #expect(ForecastHorizon(days: 10).monthEnds == [10.0 / 7])
  }

  /// Discounting lowers a value, but by less than the last discount.
  @Test func `the value without a discount is orders times spend`() throws {
    let sample = ForecastSample.music
    let model = Self.models[0]
    let spending = try SpendModel.fit(
      to: SpendHistories(repeats: sample.repeats, spendMinor: sample.spend))
    for discount in [0, 0.15] {
      let horizon = ForecastHorizon(days: 365.25, yearlyDiscount: discount)
      let forecasts = try FutureOrders(
        model: model, horizon: horizon, repeats: sample.repeats, ageDays: sample.age
      ).forecasts(repeats: sample.repeats, lastAgeDays: sample.lastAge, ageDays: sample.age)
      let values = LifetimeValue(
        discountedOrders: forecasts.discountedOrders, repeats: sample.repeats,
        spendMinor: sample.spend, model: spending)
      let plain = zip(forecasts.expectedOrders, values.expectedSpend).map { $0 * $1 }
      if discount == 0 {
        #expect(values.value == plain)
      } else {
        let last = horizon.discounts[horizon.discounts.count - 1]
        #expect(zip(values.value, plain).allSatisfy { $0 < $1 && $0 > $1 * last })
      }
    }
  }
}
