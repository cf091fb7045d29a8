import Store

/// What a customer is like, drawn once and unseen: the rest of the data follows from it.
struct Traits {
  var kind = Kind.person
  var country = 0
  var region = 0
  var city = 0
  var source = Source.web
  var campaign = -1
  var referrer = -1
  /// Orders per day while active.
  var orderRate = 0.0
  /// Probability of leaving after each repeat order.
  var dropout = 0.0
  /// Usual size of an order, in minor units.
  var orderSize = 0.0
  /// Usual discount, in percent.
  var discount = 0
  /// Effort a contact with this customer takes, 1 for the median customer.
  var effort = 0.0
  /// Share of the turnover that serving this customer costs on top of goods.
  var serviceShare = 0.0
  /// Complaints per day while active.
  var complaintRate = 0.0
  /// Interactions per day while active.
  var contactRate = 0.0
  /// Satisfaction without particular events, about 0…100.
  var mood = 0.0
  /// Whether the customer pays on invoice: organisations do, and some persons.
  var isInvoiced = false
  /// Days between issue and due.
  var paymentTerm = 30
  /// Usual days between due and paid; below zero is early.
  var daysLate = 0.0

  /// Draws a customer who joined on `day`.
  ///
  /// Order rates are gamma and drop-out probabilities beta across customers, as the BG/NBD model
  /// has it; the source moves the beta's second parameter, so that some sources bring customers
  /// who stay.
  /// - Source: Fader, Hardie & Lee: "Counting your customers" the easy way, Marketing Science
  ///   24(2), 2005.
  static func draw(day: Int, referrer: Int?, firm: Firm, _ random: inout Random) -> Traits {
    var traits = Traits()
    traits.kind = random.chance(0.3) ? .organisation : .person
    traits.country = firm.geography.shares.pick(&random)
    let regions = firm.geography.countries[traits.country].regions
    // The first region of each country is the busiest.
    traits.region =
      regions.lowerBound + min(random.below(regions.count), random.below(regions.count))
    let cities = firm.geography.cities[traits.region]
    traits.city = cities.lowerBound + min(random.below(cities.count), random.below(cities.count))
    traits.originate(day: day, referrer: referrer, firm: firm, &random)

    var staying = traits.source.staying
    if traits.campaign >= 0 { staying *= firm.campaigns.rows[traits.campaign].quality }
    let isOrganisation = traits.kind == .organisation
    traits.orderRate =
      Rates.ordersPerDayScale * (isOrganisation ? 1.4 : 0.83)
      * random.gamma(shape: Rates.orderShape)
    traits.dropout = random.beta(Rates.dropoutA, staying)
    traits.orderSize = random.logNormal(
      median: isOrganisation ? 16_000 : 6_000, sigma: isOrganisation ? 0.98 : 0.86)
    let isLarge = traits.orderSize > 30_000
    if random.chance(isLarge ? 0.7 : 0.3) {
      traits.discount = random.between(3, isLarge ? 38 : 15)
    }
    traits.effort = random.logNormal(median: 1, sigma: 0.8)
    traits.serviceShare = isLarge ? 0.6 * random.beta(0.6, 1.4) : 0.4 * random.beta(0.4, 1.9)
    let trouble = random.gamma(shape: Rates.complaintShape)
    traits.complaintRate = Rates.complaintsPerDay * trouble
    // Who has more to say is also in regular touch.
    let closeness = random.gamma(shape: 4)
    traits.contactRate = Rates.contactsPerDay * (trouble > 3.1 ? closeness : 0.3)
    traits.mood = 68 + 12 * random.normal() + (traits.referrer >= 0 ? 6 : 0)
    traits.paymentTerm = paymentTerms[random.below(paymentTerms.count)]
    traits.daysLate = 6 + 6 * random.normal()
    traits.isInvoiced = isOrganisation || random.chance(0.4)
    return traits
  }

  private static let paymentTerms = [14, 14, 30, 30, 30, 45]

  /// Where the customer came from: a referrer, a campaign that ran, or by themselves.
  private mutating func originate(
    day: Int, referrer: Int?, firm: Firm, _ random: inout Random
  ) {
    if let referrer {
      self.referrer = referrer
      source = .referral
    } else if random.chance(0.5), let running = firm.campaigns.running(on: day, &random) {
      campaign = running
      source = Source.of(firm.campaigns.rows[running].channel)
    } else {
      source = Source.unprompted[random.below(Source.unprompted.count)]
    }
  }
}

/// The parameters of the processes, fitted so that the claims of the tests hold.
enum Rates {
  /// Shape of the gamma distribution of order rates.
  static let orderShape = 0.9
  /// Its scale: orders per day.
  static let ordersPerDayScale = 0.0078
  /// First parameter of the beta distribution of drop-out.
  static let dropoutA = 0.65
  /// Shape of the gamma distribution of complaint rates.
  static let complaintShape = 2.6
  /// Its scale: complaints per day.
  static let complaintsPerDay = 0.097 / 365
  /// Scale of the interactions that nothing in particular causes, per day.
  static let contactsPerDay = 0.45 / 365
}
