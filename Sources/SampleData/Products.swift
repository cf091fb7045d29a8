import Store

/// What is sold: a few products bring most orders, and a few earn nothing.
struct Products {
  /// One product; money in minor units.
  struct Row {
    var category: Int
    var name: String
    var price: Int
    var unitCost: Int
  }

  /// The products.
  let rows: [Row]
  /// The names of the categories.
  static let categoryNames = [
    "tools", "lighting", "furniture", "café supplies", "textiles", "electronics", "packaging",
    "safety", "services", "spare parts",
  ]
  /// Upper ends of order sizes, in minor units, and the table of what is bought below each.
  private let sizeLimits: [Double] = [2_500, 8_000, 30_000, 120_000]
  private let tables: [WeightedTable]

  /// 120 products in 10 categories, their popularity by Zipf's law.
  init(_ random: inout Random) {
    let medians: [Double] = [2_900, 4_500, 18_000, 1_200, 2_200, 21_000, 650, 3_500, 9_000, 1_400]
    var rows: [Row] = []
    for index in 0..<Self.nouns.count {
      let category = index % Self.categoryNames.count
      let adjective = Self.adjectives[random.below(Self.adjectives.count)]
      let drawn = random.logNormal(median: medians[category], sigma: 0.7)
      let price = max(1, Int(drawn / 100)) * 100 - (random.chance(0.6) ? 1 : 0)
      // One product in thirty is sold below cost.
      let margin = random.below(30) == 0 ? -0.06 : 0.28 + 0.5 * random.beta(2, 2)
      rows.append(
        Row(
          category: category, name: "\(adjective) \(Self.nouns[index])", price: max(95, price),
          unitCost: max(40, Int(Double(price) * (1 - margin)))))
    }
    // A random order of popularity: the product at place k is bought in proportion to 1 / k.
    var places = Array(1...rows.count)
    for index in stride(from: places.count - 1, to: 0, by: -1) {
      places.swapAt(index, random.below(index + 1))
    }
    self.rows = rows
    tables = (0...sizeLimits.count).map { [sizeLimits] step in
      let limit = step < sizeLimits.count ? sizeLimits[step] * 1.3 : Double.infinity
      return WeightedTable(
        rows.indices.map { row in
          let place = Double(places[row])
          return Double(rows[row].price) <= limit
            ? 1 / (place * place.squareRoot().squareRoot()) : 0
        })
    }
  }

  /// A popular product for an order of about `size` minor units.
  func pick(size: Double, _ random: inout Random) -> Int {
    var step = 0
    while step < sizeLimits.count && size > sizeLimits[step] { step += 1 }
    return tables[step].pick(&random)
  }

  private static let adjectives = [
    "Compact", "Classic", "Nordic", "Robust", "Quiet", "Folding", "Eco", "Pro", "Élite", "Premium",
    "Überlang", "Mini", "Twin", "Long-life", "Chef's", "Traveller's",
  ]

  /// Twelve for each category, one category after the other by turns.
  private static let nouns = """
    hammer|desk lamp|office chair|espresso cups|work apron|label printer|carton 40|helmet|\
    fitting service|hinge set|screwdriver set|ceiling light|standing desk|crème pitcher|tablecloth|\
    barcode scanner|padded envelope|gloves|maintenance visit|filter|drill|spot light|shelf|\
    coffee filter|towel|tablet holder|pallet wrap|goggles|training day|gasket|torque wrench|\
    floor lamp|filing cabinet|tea glasses|curtain|router|tape|first-aid box|delivery flat rate|\
    belt|saw|light strip|meeting table|sugar sticks|blanket|headset|gift box|ear protection|\
    extended warranty|bulb socket|pliers|lantern|sofa|milk frother|uniform shirt|monitor|\
    bubble sheet|fire blanket|express handling|battery|level|emergency light|bench|thermos jug|\
    cushion|cash register|bottle crate|warning vest|consulting hour|pump head|clamp|wall lamp|\
    bookcase|açaí bowl|bed linen|docking station|paper bag|knee pads|recycling service|fuse|\
    chisel|string lights|stool|cake stand|rug|speaker|mailing tube|safety shoes|rental week|\
    seal ring|tool trolley|track light|wardrobe|jam jars|napkin|projector|shipping label|\
    smoke alarm|calibration|key blank|sander|garden light|reception desk|water carafe|laundry bag|\
    camera|strapping|harness|data import|roller|vise|candle lamp|locker|pâtisserie tray|scarf|\
    keyboard|crate|mask|support plan|spring
    """.split(separator: "|").map(String.init)
}
