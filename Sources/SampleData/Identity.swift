/// Writes names, e-mail addresses and telephone numbers that belong to nobody.
///
/// Addresses lie in the domains that RFC 2606 reserves, numbers in ranges kept for fiction.
struct IdentityWriter {
  private let firm: Firm
  private let seed: UInt64

  init(firm: Firm, seed: UInt64) {
    self.firm = firm
    self.seed = seed
  }

  /// The name and address of a person who lives in `country`.
  func write(
    person id: Int, country: Int, name: inout Texts, email: inout Texts, _ random: inout Random
  ) {
    let own = firm.geography.countries[country].culture
    let culture = firm.names.cultures[
      random.chance(0.07) ? random.below(firm.names.cultures.count) : own]
    let first = culture.first[random.below(culture.first.count)]
    let family = culture.family[random.below(culture.family.count)]
    if culture.isFamilyFirst {
      name.write(family.text)
      name.write(first.text)
    } else {
      name.write(first.text)
      name.write(space)
      name.write(family.text)
    }
    name.finish()
    if random.chance(0.08) {
      email.appendUnknown()
    } else {
      email.write(first.plain)
      email.write(UInt8(ascii: "."))
      email.write(family.plain)
      email.write(number: id)
      email.append(Self.domains[random.below(Self.domains.count)])
    }
  }

  /// The name and address of an organisation in `country`: coined, or after its founders.
  func write(
    organisation id: Int, country: Int, name: inout Texts, email: inout Texts,
    _ random: inout Random
  ) {
    let names = firm.names
    let culture = names.cultures[firm.geography.countries[country].culture]
    let trade = culture.trades[random.below(culture.trades.count)]
    let legal = culture.legalForms[random.below(culture.legalForms.count)]
    if culture.isFamilyFirst {
      name.write(culture.family[random.below(culture.family.count)].text)
      name.write(trade)
      name.append(legal)
    } else {
      if random.chance(0.4) {
        name.write(culture.family[random.below(culture.family.count)].text)
        if random.chance(0.25) {
          name.write(Array(" & ".utf8))
          name.write(culture.family[random.below(culture.family.count)].text)
        }
      } else {
        name.write(names.beginnings[random.below(names.beginnings.count)])
        name.write(names.endings[random.below(names.endings.count)])
      }
      name.write(space)
      name.write(trade)
      name.write(space)
      name.append(legal)
    }
    if random.chance(0.05) {
      email.appendUnknown()
    } else {
      email.write(Self.mailboxes[random.below(Self.mailboxes.count)])
      email.write(number: id)
      email.append(Self.domains[random.below(Self.domains.count)])
    }
  }

  /// A telephone number of `country`, or unknown.
  func write(phone: inout Texts, country: Int, _ random: inout Random) {
    if random.chance(0.2) {
      phone.appendUnknown()
      return
    }
    let forms = firm.geography.countries[country].phones
    for byte in forms[random.below(forms.count)] {
      phone.write(byte == UInt8(ascii: "#") ? UInt8(48 + random.below(10)) : byte)
    }
    phone.finish()
  }

  private let space = UInt8(ascii: " ")
  private static let domains = ["@example.com", "@example.org", "@example.net"].map {
    Array($0.utf8)
  }
  private static let mailboxes = ["office", "info", "contact", "orders"].map { Array($0.utf8) }
}
