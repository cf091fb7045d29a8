import Store

/// Countries, their regions and cities, and the telephone numbers that regulators keep free for
/// fiction.
struct Geography: Sendable {
  /// A country where customers live.
  struct Country: Sendable {
    /// ISO 3166-1 alpha-2.
    let code: [UInt8]
    /// Index into `Names.cultures`.
    let culture: Int
    /// Forms of fictional telephone numbers; each `#` is a digit to draw.
    let phones: [[UInt8]]
    /// Numbers of the country's regions in `regionNames`.
    let regions: Range<Int>
  }

  /// The countries.
  let countries: [Country]
  /// All regions of all countries.
  let regionNames: [[UInt8]]
  /// Numbers of each region's cities in `cityNames`.
  let cities: [Range<Int>]
  /// All cities.
  let cityNames: [[UInt8]]
  /// Picks a country by its share of the customers.
  let shares: WeightedTable

  /// Reads the lists below.
  init() {
    var countries: [Country] = []
    var regionNames: [[UInt8]] = []
    var cities: [Range<Int>] = []
    var cityNames: [[UInt8]] = []
    var weights: [Double] = []
    for line in Self.list.split(separator: "\n") {
      let cells = line.split(separator: "|")
      let firstRegion = regionNames.count
      for cell in cells[4...] {
        let halves = cell.split(separator: ":")
        let firstCity = cityNames.count
        for city in halves[1].split(separator: ",") { cityNames.append(Array(city.utf8)) }
        regionNames.append(Array(halves[0].utf8))
        cities.append(firstCity..<cityNames.count)
      }
      let phones = cells[3].split(separator: ",").map { Array($0.utf8) }
      weights.append(Double(cells[2]) ?? 1)
      countries.append(
        Country(
          code: Array(cells[0].utf8), culture: Names.culture(String(cells[1])), phones: phones,
          regions: firstRegion..<regionNames.count))
    }
    self.countries = countries
    self.regionNames = regionNames
    self.cities = cities
    self.cityNames = cityNames
    self.shares = WeightedTable(weights)
  }

  /// Code, culture, share, telephones, then regions with their cities; a `#` is a digit to draw.
  ///
  /// Reserved for drama or fiction: 555-01## (North America), Ofcom's 7946 0### and 07700 900###,
  /// ARCEP's 01 99 00, 04 65 71 and 06 39 98, BNetzA's 30 23125, 89 99998 and 40 66969, ACMA's 5550
  /// and 7010, PTS's 8 465 004 and 31 390 06, ComReg's 20 91. Elsewhere the unassigned code +999.
  private static let list = """
    ES|spanish|15|+999 34 555 ####|Andalucía:Sevilla,Málaga,Granada,Cádiz|Cataluña:Barcelona,Girona,\
    Lleida|Comunidad de Madrid:Madrid,Alcalá de Henares,Getafe|Galicia:A Coruña,Vigo,Lugo
    PT|portuguese|8|+999 351 555 ####|Norte:Porto,Braga,Guimarães|Lisboa:Lisboa,Setúbal,Sintra|\
    Algarve:Faro,Portimão
    DE|german|14|+49 30 23125 ###,+49 89 99998 ###,+49 40 66969 ###|Bayern:München,Nürnberg,\
    Würzburg|Nordrhein-Westfalen:Köln,Düsseldorf,Münster|Berlin:Berlin|Hamburg:Hamburg
    FR|french|11|+33 1 99 00 ## ##,+33 4 65 71 ## ##,+33 6 39 98 ## ##|Île-de-France:Paris,\
    Saint-Denis|Auvergne-Rhône-Alpes:Lyon,Grenoble,Saint-Étienne|Occitanie:Toulouse,Nîmes,Béziers
    GB|english|10|+44 20 7946 0###,+44 7700 900###|London:London,Croydon|Scotland:Edinburgh,\
    Glasgow,Dundee|North West:Manchester,Liverpool|Wales:Cardiff,Swansea
    IE|irish|4|+353 20 91# ####|Leinster:Dublin,Kilkenny,Dún Laoghaire|Munster:Cork,Limerick|\
    Connacht:Galway,Sligo
    IT|italian|9|+999 39 555 ####|Lombardia:Milano,Bergamo,Brescia|Lazio:Roma,Viterbo|\
    Campania:Napoli,Salerno|Emilia-Romagna:Bologna,Forlì
    NL|dutch|5|+999 31 555 ####|Noord-Holland:Amsterdam,Haarlem|Zuid-Holland:Rotterdam,\
    's-Gravenhage|Utrecht:Utrecht,Amersfoort
    SE|nordic|4|+46 8 465 004 ##,+46 31 390 06 ##|Skåne:Malmö,Lund,Ängelholm|Stockholm:Stockholm,\
    Södertälje|Västra Götaland:Göteborg,Borås
    NO|nordic|3|+999 47 555 ####|Vestland:Bergen,Førde|Oslo:Oslo|Trøndelag:Trondheim,Steinkjer
    DK|nordic|2|+999 45 555 ####|Hovedstaden:København,Helsingør|Midtjylland:Århus,Viborg
    PL|polish|5|+999 48 555 ####|Mazowieckie:Warszawa,Płock|Małopolskie:Kraków,Tarnów|\
    Łódzkie:Łódź,Piotrków Trybunalski
    CZ|czech|3|+999 420 555 ####|Praha:Praha|Jihomoravský:Brno,Břeclav|Plzeňský:Plzeň,Rokycany
    HR|croatian|1|+999 385 555 ####|Dalmacija:Split,Šibenik|Zagreb:Zagreb
    GR|greek|2|+999 30 555 ####|Αττική:Αθήνα,Πειραιάς|Μακεδονία:Θεσσαλονίκη,Βέροια
    MA|arabic|1|+999 212 555 ####|الدار البيضاء:الدار البيضاء|Fès-Meknès:Fès,Meknès
    US|english|8|+1 212-555-01##,+1 503-555-01##,+1 512-555-01##|New York:New York,Buffalo|\
    Oregon:Portland,Salem|Texas:Austin,San Antonio
    MX|spanish|4|+999 52 555 ####|Jalisco:Guadalajara,Zapopan|Nuevo León:Monterrey|\
    Yucatán:Mérida,Progreso
    BR|portuguese|4|+999 55 555 ####|São Paulo:São Paulo,Campinas,Jundiaí|Paraná:Curitiba,Maringá
    AU|english|2|+61 2 5550 ####,+61 3 7010 ####|New South Wales:Sydney,Newcastle|\
    Victoria:Melbourne,Geelong
    JP|japanese|4|+999 81 555 ####|関東:東京,横浜|関西:大阪,京都
    CN|chinese|3|+999 86 555 ####|广东:广州,深圳|江苏:南京,苏州
    KR|korean|2|+999 82 555 ####|수도권:서울,인천|영남:부산,대구
    """
}
