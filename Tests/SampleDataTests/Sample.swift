import SampleData
import Store

/// A generated data set as flat arrays, for the claims to be counted on.
struct Sample {
  /// The usual 2,000 customers of the default seed.
  static let usual = Sample(2_000)
  /// Enough customers for claims about a few of them.
  static let large = Sample(20_000)

  /// The data set of that size; test arguments are sizes, since the library describes arguments.
  static func of(_ customerCount: Int) -> Sample {
    switch customerCount {
    case 2_000: usual
    case 20_000: large
    default: Sample(customerCount)
    }
  }

  let records: SampleRecords
  let customerCount: Int

  init(_ customerCount: Int, seed: UInt64 = SampleData.defaultSeed) {
    self.customerCount = customerCount
    do {
      records = try SampleRecords(customerCount: customerCount, seed: seed)
    } catch {
      preconditionFailure("nothing here asks for memory: \(error)")
    }
  }

  func vector(_ entity: String, _ field: String) -> Vector {
    guard let vector = records.entities[entity]?[field] else {
      preconditionFailure("no field \(entity).\(field)")
    }
    return vector
  }

  /// The words of a field; 0 where unknown.
  func words(_ entity: String, _ field: String) -> [Int] {
    guard case .words(let words) = vector(entity, field).values else {
      preconditionFailure("\(entity).\(field) is text")
    }
    return words.map { Int($0) }
  }

  /// The words of a field, `mark` where unknown.
  func words(_ entity: String, _ field: String, unknown mark: Int) -> [Int] {
    let vector = vector(entity, field)
    var words = words(entity, field)
    for offset in words.indices where vector.known[offset] == 0 { words[offset] = mark }
    return words
  }

  func count(_ entity: String) -> Int { vector(entity, "id").count }

  /// How many rows of `entity` refer to each row of `target` by `field`.
  func counts(_ entity: String, by field: String, of target: String = "customers") -> [Int] {
    var counts = [Int](repeating: 0, count: count(target))
    for row in words(entity, field, unknown: -1) where row >= 0 { counts[row] += 1 }
    return counts
  }

  /// The rows of `entity` that belong to each customer, in their order.
  func rowsByCustomer(_ entity: String) -> [[Int]] {
    var rows = [[Int]](repeating: [], count: customerCount)
    for (row, customer) in words(entity, "customer").enumerated() { rows[customer].append(row) }
    return rows
  }

  /// The share of unknown values of a field.
  func unknownShare(_ entity: String, _ field: String) -> Double {
    let known = vector(entity, field).known
    return Double(known.lazy.filter { $0 == 0 }.count) / Double(known.count)
  }

  /// The first day on which each customer was dissociated, -1 where never.
  func dissociationDays() -> [Int] {
    var days = [Int](repeating: -1, count: customerCount)
    let customers = words("stage_changes", "customer")
    let at = words("stage_changes", "at")
    for (row, to) in words("stage_changes", "to").enumerated()
    where to == 5 && days[customers[row]] < 0 {
      days[customers[row]] = at[row]
    }
    return days
  }
}

func mean(_ values: some Collection<Int>) -> Double {
  values.isEmpty ? 0 : Double(values.reduce(0, +)) / Double(values.count)
}

func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  guard !sorted.isEmpty else { return 0 }
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/// The top fifth by `values`, ties by position: who they are, and what share of the sum they bring.
func topFifth(_ values: [Int]) -> (members: Set<Int>, share: Double) {
  let order = values.indices.sorted { (values[$1], $0) < (values[$0], $1) }
  let members = order.prefix((values.count + 4) / 5)
  let sum = members.reduce(0) { $0 + values[$1] }
  return (Set(members), Double(sum) / Double(values.reduce(0, +)))
}

/// The Gini coefficient of counts, population form.
func gini(_ counts: [Int]) -> Double {
  let sorted = counts.sorted()
  let total = Double(sorted.reduce(0, +))
  var weighted = 0.0
  for (rank, count) in sorted.enumerated() { weighted += Double((rank + 1) * count) }
  let size = Double(sorted.count)
  return 2 * weighted / (size * total) - (size + 1) / size
}
