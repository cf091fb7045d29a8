/// What all customers share: places, names, people, products and campaigns.
struct Firm {
  let geography = Geography()
  let names = Names()
  let employees: Employees
  let products: Products
  let campaigns: Campaigns

  /// Draws a firm of the right size for so many customers.
  init(customerCount: Int, seed: UInt64) {
    var random = Random(seed: seed, .firm)
    employees = Employees(customerCount: customerCount, geography: geography, &random)
    products = Products(&random)
    campaigns = Campaigns(customerCount: customerCount, &random)
  }
}
