import Glibc
import Testing

@testable import Engine

struct PurchaseModelTests {
  static let music = ForecastSample.music

  @Test func `the shop for music gives the published figures`() throws {
    #expect(Self.music.repeats.count == 2_357)
    let model = try PurchaseModel.fit(.bgnbd, to: Self.music.histories)
    #expect(Self.rounded(model.r, 3) == 0.243)
    #expect(Self.rounded(model.alpha, 3) == 4.414)
    #expect(Self.rounded(model.a, 3) == 0.793)
    #expect(Self.rounded(model.b, 3) == 2.426)
    #expect(Self.rounded(model.logLikelihood, 1) == -9_582.4)
    #expect(model.atBorder.isEmpty)
    let expected = model.expectedOrders(over: 39, repeats: 2, lastAge: 30.43, age: 38.86)
    #expect(Self.rounded(expected, 3) == 1.226)
  }

  /// By the Python package lifetimes 0.11.3, which prints these digits after its own search.
  @Test func `the modified model agrees with another program`() throws {
    let model = try PurchaseModel.fit(.mbgnbd, to: Self.music.histories)
    let close = { (value: Double, other: Double) in abs(value / other - 1) < 1e-4 }
    #expect(close(model.r, 0.524843) && close(model.alpha, 6.183082))
    #expect(close(model.a, 0.891360) && close(model.b, 1.614003))
    let expected = model.expectedOrders(over: 39, repeats: 2, lastAge: 30.43, age: 38.86)
    #expect(close(expected, 1.2626692))
    #expect(close(model.probabilityAlive(repeats: 2, lastAge: 30.43, age: 38.86), 0.7061257))
    #expect(close(model.probabilityAlive(repeats: 0, lastAge: 0, age: 38.86), 0.3897152))
  }

  static let models: [PurchaseModel] = PurchaseModel.Kind.allCases.flatMap { kind in
    [
      PurchaseModel(kind: kind, r: 0.243, alpha: 4.414, a: 0.793, b: 2.426, logLikelihood: 0),
      PurchaseModel(kind: kind, r: 1.5, alpha: 8, a: 1, b: 1.4, logLikelihood: 0),
      PurchaseModel(kind: kind, r: 4, alpha: 20, a: 2.2, b: 9, logLikelihood: 0),
    ]
  }

  /// Sums over a grid of rates and probabilities to stop what is true of a customer who has these:
  /// no formula of the model takes part.
  @Test(arguments: models)
  func `likelihood, being alive and orders are what summing over all customers gives`(
    model: PurchaseModel
  ) {
    for (x, last, age) in [(0, 0.0, 40.0), (1, 3, 40), (4, 30, 38), (12, 20, 52)] {
      let summed = Self.summed(model, x: Double(x), last: last, age: age, horizon: 39)
      let alive = model.probabilityAlive(repeats: x, lastAge: last, age: age)
      let orders = model.expectedOrders(over: 39, repeats: x, lastAge: last, age: age)
      #expect(abs(alive / summed.alive - 1) < 1e-6)
      #expect(abs(orders / summed.orders - 1) < 1e-6)
      let histories = PurchaseHistories(
        repeats: [Int32(x)], lastAgeDays: [Int32(last)], ageDays: [Int32(age)])
      let likelihood = PurchaseLikelihood(kind: model.kind, histories: histories, unitDays: 1)
      let value = likelihood.value(at: [model.r, model.alpha, model.a, model.b])
      #expect(abs(value - summed.logLikelihood) < 1e-6)
    }
  }

  @Test(arguments: models)
  func `the derivatives are those of the value`(model: PurchaseModel) {
    let sample = PurchaseLikelihood(
      kind: model.kind, histories: Self.music.histories, unitDays: 7)
    let point = [model.r, model.alpha, model.a, model.b]
    let expansion = sample.expansion(at: point)
    #expect(abs(sample.value(at: point) - expansion.value) < 1e-8)
    for axis in point.indices {
      var (low, high) = (point, point)
      let h = 1e-5 * point[axis]
      low[axis] -= h
      high[axis] += h
      let slope = (sample.value(at: high) - sample.value(at: low)) / (2 * h)
      #expect(abs(slope - expansion.gradient[axis]) < 1e-4 * (1 + abs(slope)))
      let (below, above) = (sample.expansion(at: low), sample.expansion(at: high))
      for other in point.indices {
        let bend = (above.gradient[other] - below.gradient[other]) / (2 * h)
        let found = expansion.curvature[axis * point.count + other]
        #expect(abs(bend - found) < 1e-4 * (1 + abs(bend)))
      }
    }
  }

  @Test(arguments: PurchaseModel.Kind.allCases)
  func `another unit of time changes alpha alone`(kind: PurchaseModel.Kind) throws {
    let sample = Self.music
    let model = try PurchaseModel.fit(kind, to: sample.histories)
    let slow = try PurchaseModel.fit(
      kind,
      to: PurchaseHistories(
        repeats: sample.repeats, lastAgeDays: sample.lastAge.map { $0 * 3 },
        ageDays: sample.age.map { $0 * 3 }))
    let days = try PurchaseModel.fit(kind, to: sample.histories, unitDays: 1)
    for (other, factor) in [(slow, 3.0), (days, 7)] {
      #expect(abs(other.alpha / model.alpha - factor) < 1e-7)
      for (mine, theirs) in [(model.r, other.r), (model.a, other.a), (model.b, other.b)] {
        #expect(abs(theirs / mine - 1) < 1e-7)
      }
    }
  }

  @Test(arguments: PurchaseModel.Kind.allCases)
  func `the order of the customers changes nothing`(kind: PurchaseModel.Kind) throws {
    let sample = ForecastSample.madeUp(
      20_000, by: Self.models[1], spending: SpendModelTests.plain, seed: 3)
    let model = try PurchaseModel.fit(kind, to: sample.histories)
    let shuffled = try PurchaseModel.fit(kind, to: sample.shuffled(seed: 5).histories)
    #expect(model == shuffled)
  }

  /// Fits the customers that a model makes, and looks at what they buy after the as-of date.
  @Test(arguments: models)
  func `a fit finds the model that made the customers, and what they will buy`(
    truth: PurchaseModel
  ) throws {
    let sample = ForecastSample.madeUp(
      12_000, by: truth, spending: SpendModelTests.plain, holdoutDays: 273, seed: 11)
    let model = try PurchaseModel.fit(truth.kind, to: sample.histories)
    #expect(abs(model.r / model.alpha / (truth.r / truth.alpha) - 1) < 0.1)
    let stopping = truth.a / (truth.a + truth.b)
    #expect(abs(model.a / (model.a + model.b) / stopping - 1) < 0.15)
    #expect(model.atBorder.isEmpty)
    let forecasts = try FutureOrders(
      model: truth, horizon: ForecastHorizon(days: 273), repeats: sample.repeats,
      ageDays: sample.age
    ).forecasts(repeats: sample.repeats, lastAgeDays: sample.lastAge, ageDays: sample.age)
    let check = HoldoutCheck(
      repeats: sample.repeats, predicted: forecasts.expectedOrders, actual: sample.holdout)
    #expect(abs(check.total.predicted / Double(check.total.actual) - 1) < 0.05)
    for part in check.classes where part.actual > 1_000 {
      #expect(abs(part.predicted / Double(part.actual) - 1) < 0.12, "\(part)")
    }
  }

  /// 30 to 100 repeaters, in which some parameter may run to a border, and customers of one kind.
  @Test(arguments: [60, 150], PurchaseModel.Kind.allCases)
  func `small and odd samples stay finite`(customers: Int, kind: PurchaseModel.Kind) throws {
    for seed in 1...UInt64(4) {
      var sample = ForecastSample.madeUp(
        customers, by: Self.models[Int(seed) % 3], spending: SpendModelTests.plain, seed: seed)
      if seed == 4 {
        // Everyone alike: bought again after 10 days and never since.
        sample.repeats = sample.repeats.map { _ in 1 }
        sample.lastAge = sample.age.map { min(10, $0) }
      }
      if seed == 3 {
        // One who bought on 2,000 days among them.
        sample.repeats[0] = 2_000
        sample.lastAge[0] = 2_100
        sample.age[0] = 2_101
      }
      let model = try PurchaseModel.fit(kind, to: sample.histories)
      #expect([model.r, model.alpha, model.a, model.b].allSatisfy { $0.isFinite && $0 > 0 })
      #expect(model.logLikelihood.isFinite && (seed < 4 || !model.atBorder.isEmpty))
      let forecasts = try FutureOrders(
        model: model, horizon: ForecastHorizon(days: 365.25, yearlyDiscount: 0.1),
        repeats: sample.repeats, ageDays: sample.age
      ).forecasts(repeats: sample.repeats, lastAgeDays: sample.lastAge, ageDays: sample.age)
      #expect(forecasts.aliveProbability.allSatisfy { (0...1).contains($0) })
      #expect(forecasts.expectedOrders.allSatisfy { $0.isFinite && $0 >= 0 })
      #expect(zip(forecasts.discountedOrders, forecasts.expectedOrders).allSatisfy { $0 <= $1 })
    }
  }

  @Test func `the wait is the time after which half have bought again`() {
    let model = Self.models[0]
    let (r, age) = (model.r, 38.0)
    for x in [1, 5, 40] {
      for alive in [0.51, 0.8, 1] {
        let wait = model.medianWait(repeats: x, age: age, aliveProbability: alive)
        let base = model.alpha + age
        let bought = alive * (1 - pow(base / (base + wait), r + Double(x)))
        #expect(abs(bought - 0.5) < 1e-12)
      }
      #expect(model.medianWait(repeats: x, age: age, aliveProbability: 0.5) == .infinity)
    }
  }

  @Test func `few repeaters are refused`() {
    let empty = PurchaseHistories(repeats: [], lastAgeDays: [], ageDays: [])
    #expect(ForecastRefusal(empty) == .noCustomers)
    for (repeaters, isRefused) in [(0, true), (29, true), (30, false)] {
      let repeats = (0..<100).map { Int32($0 < repeaters ? 1 : 0) }
      let histories = PurchaseHistories(
        repeats: repeats, lastAgeDays: repeats.map { $0 * 7 }, ageDays: repeats.map { _ in 30 })
      let refusal = ForecastRefusal(histories)
      #expect((refusal != nil) == isRefused)
      guard isRefused else { continue }
      #expect(refusal == .fewRepeaters(repeaters: repeaters, customers: 100, least: 30))
    }
  }

  static func rounded(_ value: Double, _ digits: Int) -> Double {
    let factor = pow(10, Double(digits))
    return (value * factor).rounded() / factor
  }

  /// Sums over log λ and the log-odds of p, both evenly spaced.
  private static func summed(
    _ model: PurchaseModel, x: Double, last: Double, age: Double, horizon: Double
  ) -> (alive: Double, orders: Double, logLikelihood: Double) {
    let passed = Double(model.kind.passedChances(Int(x)))
    let step = 0.2
    let stops = (-225..<225).map { 1 / (1 + exp(-Double($0) * step)) }
    let stopWeights = stops.map { pow($0, model.a) * pow(1 - $0, model.b) * step }
    let stopSum = stopWeights.reduce(0, +)
    let staying = stops.map { pow(1 - $0, passed) }
    let stopping = stops.map { passed > 0 ? $0 * pow(1 - $0, passed - 1) : 0 }
    var (all, alive, orders, rateSum) = (0.0, 0.0, 0.0, 0.0)
    for place in -650..<50 {
      let rate = exp(Double(place) * step)
      let rateWeight = exp(model.r * log(rate * model.alpha) - model.alpha * rate) * step
      rateSum += rateWeight
      let now = pow(rate, x) * exp(-rate * age) * rateWeight
      let then = pow(rate, x) * exp(-rate * last) * rateWeight
      for column in stops.indices {
        let isAlive = staying[column] * now * stopWeights[column]
        all += isAlive + stopping[column] * then * stopWeights[column]
        alive += isAlive
        orders += isAlive * -expm1(-rate * stops[column] * horizon) / stops[column]
      }
    }
    return (alive / all, orders / all, log(all / (rateSum * stopSum)))
  }
}
