extension Names {
  /// One culture each: its name (and `family-first`), first names, family names, legal forms, trades.
  static let lists = [
    """
    spanish
    Ana Lucía José María Begoña Íñigo Sofía Andrés Martín Inés Raúl Nuria Álvaro Pilar Jesús Noelia
    Ruiz García López Muñoz Peña Núñez Ibáñez Fernández-Vega Ortega Castaño Vázquez Ríos D'Ocón Sáez
    S.L.|S.A.|e Hijos S.L.
    Alimentación|Logística|Ingeniería|Cerámicas|Textil|Distribución
    """,
    """
    portuguese
    João Inês Tiago Conceição Duarte Beatriz Luís Mafalda Gonçalo Júlia António Sónia Caetano
    Gonçalves Simões Magalhães Araújo d'Ávila Brandão Leitão Sá Teles Pimentel Falcão Lourenço
    Lda.|S.A.|& Filhos Lda.
    Construções|Têxteis|Alimentação|Navegação|Serviços
    """,
    """
    german
    Jürgen Anke Käthe Björn Uwe Sabine Günther Zoë Matthias Heike Jörg Friederike Anneliese Till
    Müller Groß Weiß Schäfer Krüger Böhm Lütjens Meyer-Lindau Vogt Hübner Köster Strauß Brandt Pöhl
    GmbH|AG|KG|OHG|GmbH & Co. KG
    Werkzeuge|Maschinenbau|Großhandel|Medizintechnik|Küchen|Möbel
    """,
    """
    french
    Chloé François Hélène Benoît Zoé Gaël Anaïs Jérôme Océane Rémi Solène Maëlle Étienne Aurélie
    Lefèvre d'Aubigny Béranger Garçon L'Hermite Noël Dupré-Vallon Châtelain Forêt Gérard Naudé Roche
    SARL|SAS|et Fils
    Pâtisserie|Équipements|Transports|Électricité|Mécanique
    """,
    """
    english
    Grace Oliver Zoe Renée Noah Harriet Malcolm Priya Chloë Desmond Ivy Rupert Siân Tamsin Leo André
    Hartwell O'Dell Smythe-Jones Ashdown Brontley Fairweather Okonjo Patel Quill St_Clair Thornby Wynn
    Ltd|plc|LLP|Inc.|& Sons
    Foods|Logistics|Fixings|Dental|Timber|Instruments
    """,
    """
    irish
    Aoife Seán Siobhán Ciarán Niamh Éamonn Gráinne Pádraig Róisín Declan Orla Tadhg
    O'Brien O'Neill Mac_Giolla Ní_Dhomhnaill Ó_Cléirigh D'Arcy Kinsella FitzMaurice O'Shaughnessy Byrne
    Ltd|DAC|Teo.
    Dairy|Foods|Freight|Software|Linen
    """,
    """
    italian
    Niccolò Giulia Noè Chiara Beatrice Tommasa Fabrizio Ludovica Salvò Ilaria Donato Mariù
    D'Angelo Dell'Orto Conti Esposito De'Rossi Nicolò Sant'Elia Bellomo Fantò Mancuso Degl'Innocenti
    S.r.l.|S.p.A.|Fratelli
    Caffè|Meccanica|Vini|Tessuti|Arredi
    """,
    """
    dutch
    Jeroen Femke Daniël Maaike Zoë Teun Loïs Wouter Noëlle Sander Anouk Koen
    van_'t_Hof de_Vries van_den_Berg Geünt Smeets in_'t_Veld Hoekstra Coöper ter_Braak Van_Daële
    B.V.|N.V.|V.O.F.
    Bloemen|Groothandel|Techniek|Zuivel|Transport
    """,
    """
    nordic
    Åse Bjørn Søren Linnéa Håkon Øyvind Märta Jörgen Sigrid Kåre Bodil Åke Ingrid Lærke
    Ångström Sørensen Bjørnstad Lindqvist Ødegård Åkesson Nygård Hällström Kjær Ekelöf Østby Møller-Lund
    AS|AB|A/S|ApS
    Fisk|Skog|Bygg|Møbler|Sjöfart
    """,
    """
    polish
    Łukasz Małgorzata Paweł Agnieszka Żaneta Stanisława Michał Bożena Grażyna Sławomir Zofia
    Wójcik Dąbrowska=dabrowska Kowalczyk Łęcki=lecki Żuraw Nowicka-Śliwa Pietrzyk Gołąb=golab Sikora
    sp. z o.o.|S.A.
    Hurtownia|Meble|Usługi|Zboże|Stal
    """,
    """
    czech
    Jiří=jiri Tomáš Zdeňka Božena Ondřej Václav Šárka Lenka Žofie Luděk
    Dvořáková Němec Říha=riha Šimůnek Žáček Kučera Havlíčková Čapková Krejčí Růžička
    s.r.o.|a.s.
    Sklo|Strojírny|Pivo|Nábytek
    """,
    """
    croatian
    Željka Ivana Đuro=duro Mate Šime Nikolina Krešimir Anđela
    Kovačić Babić Đurđević=durdevic Šarić Župan Perković Matošić
    d.o.o.|d.d.
    Maslina|Brodovi|Vina
    """,
    """
    greek
    Ελένη=eleni Γιώργος=giorgos Μαρία=maria Νίκος=nikos Σοφία=sofia Δημήτρης=dimitris Άννα=anna
    Παπάς=papas Νικολάου=nikolaou Κωστής=kostis Ιωάννου=ioannou Λάμπρου=lamprou Σταθάτος=stathatos
    Α.Ε.|Ε.Π.Ε.
    Τρόφιμα|Ναυτιλία|Ελαιόλαδο
    """,
    """
    arabic
    ليلى=layla يوسف=youssef Nadia سمير=samir هدى=houda Rachid أمينة=amina كريم=karim
    الفاسي=elfassi بناني=bennani El_Idrissi حداد=haddad Aït_Benali الزهراوي=zahraoui
    SARL|ش.م.م.
    تجارة|Textile|نقل
    """,
    """
    japanese family-first
    太郎=taro 花子=hanako 健一=kenichi 美咲=misaki 翔=sho 陽子=yoko 直樹=naoki 恵=megumi さくら=sakura
    山田=yamada 佐藤=sato 鈴木=suzuki 高橋=takahashi 渡辺=watanabe 小林=kobayashi 中村=nakamura 森=mori
    株式会社|合同会社
    商事|工業|食品|運輸
    """,
    """
    chinese family-first
    伟=wei 芳=fang 娜=na 秀英=xiuying 敏=min 静=jing 丽=li 强=qiang 磊=lei 洋=yang 艳=yan
    王=wang 李=li 张=zhang 刘=liu 陈=chen 杨=yang 赵=zhao 黄=huang 周=zhou 吴=wu
    有限公司|股份有限公司
    贸易|机械|食品|科技
    """,
    """
    korean family-first
    민준=minjun 서연=seoyeon 지훈=jihoon 수빈=subin 하은=haeun 도윤=doyoon 예진=yejin 현우=hyunwoo
    김=kim 이=lee 박=park 최=choi 정=jung 강=kang 조=cho 윤=yoon 장=jang
    주식회사|상사
    무역|식품|전자
    """,
  ]
}
