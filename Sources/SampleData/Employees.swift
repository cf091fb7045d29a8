import Store

/// The people on our side: a tree of managers above owners with uneven loads.
struct Employees {
  /// What an employee does, in the order of `familyNames`.
  enum Family: Int {
    case management, desk, field, keyAccounts, service
  }

  /// The names of the job families, as stored.
  static let familyNames = ["management", "desk sales", "field sales", "key accounts", "service"]

  /// One employee.
  struct Row {
    var family: Family
    var country: Int
    var region: Int
    var since: Int32
    /// Row of the manager, -1 for the first.
    var manager: Int32
  }

  /// The employees, by the day they began.
  private(set) var rows: [Row] = []
  /// For each family, and for each family in each country: who may be drawn.
  private var pools: [Pool]
  private var localPools: [Pool]
  private let countryCount: Int

  /// One employee for about 50 customers, at least 8.
  ///
  /// Row *r* reports to row (*r* − 1) / 8, so that the first leads everyone, managers began before
  /// their people and only the leaves own customers.
  init(customerCount: Int, geography: Geography, _ random: inout Random) {
    let count = max(8, customerCount / 50)
    let firstDay = Day.number(year: 2010, month: 1, day: 4)
    let span = Double(Day.number(year: 2025, month: 12, day: 1) - firstDay)
    countryCount = geography.countries.count
    pools = Array(repeating: Pool(), count: Self.familyNames.count)
    localPools = Array(repeating: Pool(), count: Self.familyNames.count * countryCount)
    let pattern: [Family] = [.desk, .field, .keyAccounts, .service, .desk, .field, .desk]
    for row in 0..<count {
      let isManager = row == 0 || row * Self.spanOfControl + 1 < count
      let family = isManager ? Family.management : pattern[row % pattern.count]
      let country = geography.shares.pick(&random)
      let regions = geography.countries[country].regions
      // Most began early: the square root of the rank leaves few for the last years.
      let rank = (Double(row) + random.uniform()) / Double(count)
      let began = firstDay + Int(span * rank * (0.4 + 0.6 * rank))
      rows.append(
        Row(
          family: family, country: country,
          region: regions.lowerBound + random.below(regions.count),
          since: Int32(row == 0 ? firstDay : Timeline.workday(began)),
          manager: row == 0 ? -1 : Int32((row - 1) / Self.spanOfControl)))
      let weight = random.logNormal(median: 1, sigma: 0.7)
      pools[family.rawValue].add(Int32(row), weight: weight)
      localPools[family.rawValue * countryCount + country].add(Int32(row), weight: weight)
    }
  }

  /// Someone of the family, mostly from the country where there is anybody; the first employee
  /// where the family has nobody at all.
  func pick(_ family: Family, country: Int, _ random: inout Random) -> Int32 {
    let local = family.rawValue * countryCount + country
    if random.chance(0.8), let found = localPools[local].draw(&random) { return found }
    return pools[family.rawValue].draw(&random) ?? 0
  }

  /// The employee, or the nearest manager above who was already there on `day`.
  func present(_ employee: Int32, on day: Int) -> Int32 {
    var row = employee
    while row > 0 && Int(rows[Int(row)].since) > day { row = rows[Int(row)].manager }
    return row
  }

  private static let spanOfControl = 8

  /// Employees who may be drawn, and the running sum of how many customers each draws.
  private struct Pool {
    private var members: [Int32] = []
    private var sums: [Double] = []

    mutating func add(_ member: Int32, weight: Double) {
      members.append(member)
      sums.append((sums.last ?? 0) + weight)
    }

    /// A member with probability proportional to the weight.
    func draw(_ random: inout Random) -> Int32? {
      guard let total = sums.last else { return nil }
      let target = random.uniform() * total
      var low = 0
      var high = sums.count - 1
      while low < high {
        let middle = (low + high) / 2
        if sums[middle] > target { high = middle } else { low = middle + 1 }
      }
      return members[low]
    }
  }
}
