//! What names a trade: the words that say it in each language, and the phrase around them.
//!
//! A phrase names a trade if its head is a business of one kind (bakery, law firm, Ingenieurbüro), or a business of any
//! kind beside the field that it works in (moving company, cabinet de conseil), or a maker or seller of something that
//! is named (maker of shelves). Whatever else a company may be, a family business, a Gold Partner, a registered
//! trademark, says nothing of its trade.

use crate::slice::cut;

/// Words of a phrase that are looked at, and bytes of one that is kept.
const MOST_WORDS: usize = 14;
const LONGEST: usize = 90;

/// How a language says what somebody is.
pub(super) struct TradeWords {
    /// `we are`, as the first words of a sentence.
    pub(super) we_are: &'static str,
    /// Between a name and what it is, article included, longest first.
    pub(super) is_a: &'static str,
    /// The articles of an apposition: `Acorn, a maker of …`.
    articles: &'static str,
    /// The head stands before what it is of: `agence de communication`.
    head_first: bool,
    /// Heads that are ends of longer words: `Ingenieurbüro`.
    compounds: bool,
    /// A trade by itself.
    businesses: &'static str,
    /// A trade beside its field or with what it makes, sells or does.
    makers: &'static str,
    /// Those of them that are a trade with whatever they are of; empty where all are.
    makers_of: &'static str,
    /// Of: what follows a maker.
    of: &'static str,
    /// Behind these the phrase has ended.
    ends: &'static str,
    and: &'static str,
    /// Not part of what they are.
    praise: &'static str,
    fields: &'static str,
}

pub(super) const LANGUAGES: [&TradeWords; 7] = [
    &ENGLISH,
    &GERMAN,
    &FRENCH,
    &DUTCH,
    &SPANISH,
    &ITALIAN,
    &PORTUGUESE,
];

/// Fields that need no business beside them where a title names them: `Pest Control in Leeds`.
const ACTIVITIES: &str = "pest control, web design, graphic design, interior design, landscape design, home improvements, property \
        management, facility management, event management, waste management, real estate, car rental, equipment \
        rental, fitness rental, tool rental, car hire, boat hire, van hire, plant hire, vehicle hire, equipment \
        hire, tool hire, bike hire, bike rental, boat rental, party rental, rubbish removal, junk removal, tree \
        surgery, tree service, roof repair, car repair, auto repair, phone repair, computer repair, appliance \
        repair, boiler repair, video production, film production, software development, web development, app \
        development, web hosting, executive search, dog grooming, dog walking, pet grooming, catering, plumbing, \
        roofing, landscaping, recruiting, recruitment, plastering, scaffolding, locksmithing, bookkeeping, \
        translation, photography, woodworking, metalworking, carpentry, joinery, masonry, brickwork, electrical \
        contracting, house cleaning, window cleaning, carpet cleaning, office cleaning, commercial cleaning, dry \
        cleaning, house painting, fencing contractors, removals, house removals, office removals, freight \
        forwarding, self storage, civil engineering, structural engineering, mechanical engineering, air \
        conditioning, heating, heating and plumbing, plumbing and heating, printing, sign making, physiotherapy, \
        dentistry, tax preparation, payroll, accounting, accountancy, architecture, conveyancing";

/// People whose plural names a trade: `Machine Learning Recruiters`.
const PEOPLE: &str = "accountants, architects, attorneys, bakers, bookbinders, bookkeepers, brewers, bricklayers, brokers, \
        builders, butchers, cabinetmakers, carpenters, caterers, cleaners, consultants, contractors, decorators, \
        dentists, designers, developers, electricians, engineers, florists, gardeners, glaziers, goldsmiths, \
        gunsmiths, jewellers, jewelers, joiners, landscapers, lawyers, locksmiths, manufacturers, masons, \
        mechanics, movers, notaries, opticians, painters, pharmacists, photographers, physiotherapists, \
        plasterers, plumbers, printers, recruiters, removers, retailers, roofers, saddlers, scaffolders, \
        shipbuilders, solicitors, stonemasons, surveyors, tailors, tilers, translators, undertakers, \
        upholsterers, vets, wholesalers, winemakers, wine merchants";

const ENGLISH: TradeWords = TradeWords {
    we_are: "we are, we're, we’re",
    is_a: "is now an, is now a, is one of the, are one of the, was founded as a, was founded as an, has been a, has \
        been an, is an, is a, is the, are an, are a, are the, is your, are your",
    articles: "a, an, the, your",
    head_first: false,
    compounds: false,
    businesses: "accountancy, bakery, bank, bookshop, bookstore, boatyard, brewery, brickworks, butchery, café, cafe, \
        carpentry, casino, charity, church, cinema, clinic, college, courier, creamery, dairy, dealership, \
        distillery, ferry, florist, forge, forwarder, foundry, garage, goldsmith, greengrocer, grocer, gym, \
        haulier, hospital, hospice, hostel, hotel, insurer, joinery, kindergarten, landscaper, laundry, library, \
        locksmith, mill, museum, newspaper, nursery, optician, orchard, pharmacy, photographer, plumber, \
        printer, pub, publisher, quarry, recruiter, restaurant, roaster, roofer, sawmill, school, shipyard, \
        slaughterhouse, smithy, solicitor, spa, supermarket, tannery, theatre, theater, university, vineyard, \
        winery, workshop, zoo, law firm, airline, railway, wholesaler, brewpub, housebuilder, shipbuilder, \
        bookmaker, winemaker, carmaker, nonprofit publisher, social enterprise bakery, broadcaster",
    makers: "agency, association, boutique, brand, broker, brokerage, builder, business, carrier, center, centre, \
        chain, collective, company, consultancy, consultant, consulting firm, contractor, cooperative, \
        co-operative, creator, dealer, designer, developer, distributor, enterprise, exporter, fabricator, \
        factory, firm, foundation, founder, grower, group, importer, institute, laboratory, lab, maker, \
        manufacturer, marketplace, merchant, network, office, operator, organisation, organization, platform, \
        practice, processor, producer, provider, reseller, retailer, seller, service, services, shop, software, \
        solution, solutions, specialist, specialists, startup, start-up, store, studio, supplier, system, tool, \
        trader, vendor, wholesaler, app, partnership, consulting, rentals, rental",
makers_of: "builder, chain, creator, dealer, designer, developer, distributor, exporter, fabricator, grower, \
        importer, maker, manufacturer, merchant, operator, processor, producer, provider, publisher, reseller, \
        retailer, seller, supplier, trader, vendor, wholesaler",
    of: "of",
    ends: "for, in, that, which, who, whose, where, with, based, from, offering, helping, providing, dedicated, \
        serving, located, founded, headquartered, since, to, by, committed, focused, designed, built, used, \
        operating, at, on, as, has, is, are, was, were, we, our, it, you, your, across, near, under, including, \
        like, such, trusted, delivering, making, established, within, around, throughout, between, without, \
        through, when, so, because, but, registered, owned, run, worldwide, using, there, here, one, via, into, \
        over, they, can, will",
    and: "and, &, or",
    praise: "leading, premier, trusted, award-winning, top, top-rated, best, world’s, world's, world-class, largest, \
        biggest, first, only, global, leader, full-service, fast-growing, fastest-growing, well-known, renowned, \
        innovative, reliable, reputable, proud, privately-held, new, great, small, most, truly, very, modern, \
        local, and, number, one, #1, highly, respected, established, national, a, an, the, go-to, favourite, \
        favorite, friendly",
    fields: "accounting, advertising, advisory, aerospace, agricultural, air, analytics, architectural, architecture, \
        asphalt, audit, automation, automotive, aviation, bakery, banking, battery, beauty, beverage, bicycle, \
        bike, biotech, biotechnology, boat, book, bookkeeping, branding, brick, bridge, broadband, brewing, \
        building, bus, cable, car, cargo, carpet, catering, ceramics, chemical, chemicals, childcare, chocolate, \
        cleaning, clothing, cloud, coach, coaching, coffee, collaboration, commerce, communications, compliance, \
        computer, concrete, construction, consulting, content, cosmetic, cosmetics, courier, craft, crm, cruise, \
        customer service, cyber, cybersecurity, cycling, dairy, dance, data, database, delivery, demolition, \
        dental, design, development, digital, drilling, drinks, driving, e-commerce, ecommerce, e-learning, \
        education, educational, electrical, electricity, electronics, elevator, email, energy, engineering, \
        entertainment, environmental, event, events, executive search, export, eyewear, fashion, feed, ferry, \
        film, finance, financial, fintech, fire protection, fish, fishing, fitness, flooring, flower, food, \
        footwear, forestry, freight, fruit, fuel, funeral, furniture, gaming, game, games, garden, gardening, \
        gas, glass, grocery, guitar, haulage, health, healthcare, heating, home care, homeware, horticultural, \
        hospitality, hosting, housing, hr, human resources, hvac, ice cream, import, infrastructure, inspection, \
        instrument, insulation, insurance, interior design, internet, investment, invoicing, irrigation, it, \
        jewellery, jewelry, joinery, kitchen, landscape, landscaping, language, laser, laundry, law, learning, \
        learning management, leather, legal, lending, lift, lighting, livestock, logistics, luggage, machine, \
        machinery, mail, maintenance, management, management consulting, marine, maritime, market research, \
        marketing, meat, media, medical, metal, metals, milling, mining, mobility, mortgage, motor, motorcycle, \
        moving, music, networking, news, nursing, office, oil, optical, packaging, paint, painting, paper, \
        payment, payments, payroll, pension, pest control, pet, pharma, pharmaceutical, photo, photography, \
        pipeline, planning, plastics, plumbing, postal, pottery, power, pr, precision, print, printing, \
        procurement, project management, property, public relations, publishing, pump, rail, railway, real \
        estate, recording, recruiting, recruitment, recycling, refrigeration, refurbishment, removal, removals, \
        rental, renovation, repair, research, restaurant, retail, robotics, roofing, safety, sail, sailing, \
        salt, sanitation, sawmill, scaffolding, scheduling, science, seafood, security, seed, semiconductor, \
        seo, shipping, shoe, shipbuilding, signage, ski, skincare, social media, soap, software, solar, spice, \
        sports, staffing, stationery, steel, stone, storage, surveying, tax, taxi, tea, tech, technology, \
        telecom, telecommunications, telephone, television, textile, textiles, ticketing, tile, timber, tool, \
        tour, tourism, tourist, toy, toys, trading, training, translation, transport, transportation, travel, \
        tyre, tire, utilities, utility, vehicle, ventilation, veterinary, video, video game, warehousing, waste, \
        watch, water, weaving, web, web design, wedding, welding, wellness, wholesale, wind, window, wine, wood, \
        woodworking, yacht, yarn, yoga, blockchain, ai, saas, mobile app, app, tutoring, grooming, outreach, \
        writing, editing, copywriting, therapy, counselling, counseling, rehabilitation, kitchens, bathroom, \
        bathrooms, fencing, paving, plastering, glazing, furnishing, upholstery, improvement, improvements, \
        decorating, carpentry, masonry, locksmith, lock, alarm, surveillance",
};

const GERMAN: TradeWords = TradeWords {
    we_are: "wir sind, bei uns sind sie bei",
    is_a: "ist heute eine, ist heute ein, ist einer der, ist eines der, ist eine der, ist eine, ist ein, ist der, \
        ist die, ist das, sind eine, sind ein, sind einer der, sind der, sind die, sind das, sind ihr, ist ihr",
    articles: "ein, eine, der, die, das, ihr, ihre",
    head_first: true,
    compounds: true,
    businesses: "apotheke, architekturbüro, arztpraxis, autohaus, bäckerei, bank, bauernhof, baumschule, brauerei, \
        brennerei, buchhandlung, dachdeckerei, druckerei, fahrschule, gärtnerei, gasthof, gerberei, gießerei, \
        glaserei, hochschule, hotel, imkerei, ingenieurbüro, kaffeerösterei, käserei, kanzlei, klinik, \
        konditorei, krankenhaus, krankenkasse, maklerbüro, metzgerei, molkerei, museum, musikschule, \
        physiotherapiepraxis, planungsbüro, reederei, reisebüro, restaurant, rösterei, sägewerk, schlosserei, \
        schmiede, schneiderei, schreinerei, schuhmacherei, spedition, stahlwerk, steuerbüro, steuerkanzlei, \
        theater, tierarztpraxis, tierklinik, tischlerei, töpferei, übersetzungsbüro, universität, verlag, \
        versicherung, weberei, weingut, werft, winzergenossenschaft, zahnarztpraxis, zimmerei, malerbetrieb, \
        bauunternehmen, metallbaubetrieb, rechtsanwaltskanzlei, unternehmensberatung, personalberatung, \
        werbeagentur, ziegelei, mühle, wäscherei",
    makers: "agentur, anbieter, anbieterin, beratung, beratungsunternehmen, betrieb, büro, dienstleister, \
        distributor, entwickler, fabrik, fachbetrieb, fachgeschäft, fachhändler, firma, gesellschaft, \
        großhändler, handel, händler, handwerksbetrieb, hersteller, herstellerin, haus, importeur, labor, \
        lieferant, manufaktur, marke, onlineshop, partner, plattform, produzent, software, spezialist, \
        spezialisten, spezialistin, studio, systemhaus, unternehmen, werk, werkstatt, makler, institut, konzern, \
        genossenschaft, netzwerk, startup, start-up, experte, experten, zulieferer, vermittler, verarbeiter, \
        betreiber",
    makers_of: "",
    of: "für, von, im bereich, in den bereichen, rund um, im",
    ends: "mit, in, aus, seit, bei, der, das, ist, hat, wurde, sitz, zu, zur, zum, als, auf, an, am, wir, sie, \
        unser, unsere, welche, welcher, weltweit, nach, vor, über, dessen, deren, sowie, die",
    and: "und, oder, &, sowie",
    praise: "",
    fields: "software, it, bau, tiefbau, hochbau, holzbau, stahlbau, metallbau, brückenbau, straßenbau, maschinenbau, \
        anlagenbau, transport, reinigungs, gebäudereinigungs, umzugs, beratungs, handels, großhandels, \
        einzelhandels, logistik, energie, chemie, pharma, textil, mode, möbel, werkzeug, elektro, elektronik, \
        automobil, medien, werbe, marketing, design, web, internet, online-marketing, kommunikations, pr, event, \
        reise, personal, zeitarbeits, sicherheits, entsorgungs, recycling, immobilien, versicherungs, finanz, \
        steuer, rechts, unternehmens, gesundheits, pflege, medizintechnik, medizin, lebensmittel, getränke, \
        verpackungs, druck, papier, kunststoff, metall, stahl, glas, holz, garten, landschaftsbau, dachdecker, \
        maler, sanitär, heizungs, klima, solar, windkraft, umwelt, verkehrs, bus, taxi, schifffahrts, luftfahrt, \
        fluggesellschaft, bildungs, sprach, übersetzungs, film, foto, musik, spiele, sport, fitness, kosmetik, \
        optik, schmuck, uhren, schuh, landtechnik, agrar, saatgut, futtermittel, wein, bier, kaffee, tee, \
        schokoladen, back, fleisch, fisch, milch, vermessungs, ingenieur, architektur, planungs, technologie, \
        biotech, biotechnologie, telekommunikations, daten, cloud, pumpen, ventil, motoren, fahrrad, boots, \
        yacht, reifen, auto, kfz, bahn, gerüstbau, fenster, türen, küchen",
};

const FRENCH: TradeWords = TradeWords {
    we_are: "nous sommes, on est",
    is_a: "est l’un des, est l'un des, est aujourd’hui une, est une, est un, est la, est le, sommes une, sommes un, \
        sommes le, sommes la, est votre, sommes votre",
    articles: "un, une, le, la, votre",
    head_first: true,
    compounds: false,
    businesses: "auberge, banque, blanchisserie, boucherie, boulangerie, brasserie, brûlerie, charpenterie, chocolaterie, \
        cidrerie, clinique, distillerie, école, ébénisterie, fonderie, fromagerie, garage, hôpital, hôtel, \
        imprimerie, laiterie, librairie, menuiserie, musée, opticien, papeterie, pâtisserie, pépinière, \
        pharmacie, photographe, restaurant, savonnerie, scierie, serrurerie, tannerie, théâtre, torréfacteur, \
        traiteur, tuilerie, université, verrerie, vignoble, paysagiste, couvreur, plombier, électricien, \
        assureur, courtier, déménageur, transporteur",
    makers: "acteur, agence, association, atelier, bureau, cabinet, centre, chaîne, compagnie, concepteur, \
        constructeur, coopérative, créateur, développeur, distributeur, domaine, éditeur, enseigne, entreprise, \
        expert, exploitant, fabricant, fournisseur, grossiste, groupe, importateur, installateur, institut, \
        laboratoire, maison, manufacture, marque, négociant, opérateur, organisme, plateforme, prestataire, \
        producteur, réseau, société, spécialiste, start-up, startup, studio, usine, vendeur, revendeur",
    makers_of: "",
    of: "de, des, du, d’, d', en, spécialisé dans, spécialisée dans, spécialisé en, spécialisée en, pour",
    ends: "qui, que, basé, basée, située, situé, depuis, avec, à, au, aux, fondé, fondée, créé, créée, dont, est, \
        sont, sur, dans, par, nous, vous, où, implantée, implanté, reconnu, reconnue",
    and: "et, ou, &",
    praise: "",
    fields: "web, digitale, immobilière, immobilier, informatique, publicitaire, comptable, industrielle, juridique, \
        dentaire, vétérinaire, viticole, événementielle, pharmaceutique, agroalimentaire, photographique, \
        textile, automobile, notarial, agricole, musicale, chimique",
};

const DUTCH: TradeWords = TradeWords {
    we_are: "wij zijn, we zijn",
    is_a: "is een van de, is een, is de, is het, zijn een, zijn de, zijn het, is uw, zijn uw",
    articles: "een, de, het, uw",
    head_first: true,
    compounds: true,
    businesses: "advocatenkantoor, accountantskantoor, adviesbureau, apotheek, architectenbureau, bakkerij, bank, \
        bouwbedrijf, boomkwekerij, boekhandel, brouwerij, drukkerij, garage, gieterij, hogeschool, hotel, \
        ingenieursbureau, installatiebedrijf, kliniek, koffiebranderij, kwekerij, museum, notariskantoor, \
        reclamebureau, reisbureau, restaurant, rederij, scheepswerf, schildersbedrijf, schoonmaakbedrijf, \
        slagerij, school, softwarebedrijf, steenfabriek, theater, timmerfabriek, transportbedrijf, uitgeverij, \
        universiteit, verhuisbedrijf, vertaalbureau, verzekeraar, vervoerder, wasserij, wijnhandel, ziekenhuis, \
        zuivelfabriek, groothandel, hoveniersbedrijf, loonbedrijf, uitzendbureau, makelaar",
    makers: "aanbieder, bedrijf, bureau, dienstverlener, distributeur, fabriek, fabrikant, importeur, keten, kantoor, \
        leverancier, maker, merk, onderneming, ontwerper, ontwikkelaar, organisatie, platform, producent, \
        specialist, specialisten, stichting, studio, winkel, webshop, handelaar, exploitant, laboratorium, \
        instituut, coöperatie, partner, expert",
    makers_of: "",
    of: "van, voor, in, op het gebied van",
    ends: "met, uit, sinds, die, dat, gevestigd, te, om, bij, is, zijn, wij, we, onze, waar, aan, door, opgericht, \
        als, op",
    and: "en, of, &",
    praise: "",
    fields: "software, bouw, transport, schoonmaak, verhuis, advies, handels, logistiek, energie, chemie, textiel, \
        mode, meubel, reclame, web, internet, communicatie, marketing, design, evenementen, reis, uitzend, \
        beveiligings, recycling, vastgoed, verzekerings, zorg, voedings, verpakkings, druk, papier, kunststof, \
        metaal, staal, glas, hout, tuin, schilders, installatie, loodgieters, techniek, milieu, bus, taxi, \
        scheepvaart, opleidings, taal, vertaal, film, foto, muziek, sport, ingenieurs, architecten, it, \
        technologie",
};

const SPANISH: TradeWords = TradeWords {
    we_are: "somos",
    is_a: "es una de las, es uno de los, es una, es un, es la, es el, somos una, somos un, somos la, somos el",
    articles: "una, un, la, el",
    head_first: true,
    compounds: false,
    businesses: "almazara, aseguradora, banco, bodega, carnicería, carpintería, cervecería, clínica, colegio, \
        constructora, editorial, escuela, farmacia, floristería, fundición, gestoría, heladería, hospital, \
        hotel, imprenta, inmobiliaria, lavandería, librería, museo, naviera, notaría, óptica, panadería, \
        pastelería, quesería, restaurante, taller, teatro, universidad, zapatería, ferretería, consultora, \
        asesoría",
    makers: "agencia, asociación, bufete, cadena, compañía, cooperativa, desarrollador, desarrolladora, despacho, \
        distribuidor, distribuidora, empresa, especialista, estudio, fabricante, fábrica, firma, gabinete, \
        grupo, importador, importadora, instituto, laboratorio, marca, mayorista, operador, operadora, \
        plataforma, productor, productora, proveedor, proveedora, red, sociedad, startup, taller, tienda, \
        centro, escuela",
    makers_of: "",
    of: "de, del, en, para, dedicada a, dedicado a, especializada en, especializado en",
    ends: "que, con, desde, ubicada, ubicado, fundada, fundado, a, al, por, donde, es, son, situada, situado, cuyo, \
        cuya, líder",
    and: "y, e, o, &",
    praise: "",
    fields: "inmobiliaria, tecnológica, constructora, informática, química, farmacéutica, textil, publicitaria, \
        digital, agrícola, logística, industrial, energética, jurídico, contable, veterinaria, dental, \
        alimentaria",
};

const ITALIAN: TradeWords = TradeWords {
    we_are: "siamo",
    is_a: "è una delle, è uno dei, è un’, è un', è una, è uno, è un, è la, è il, siamo un’, siamo un', siamo una, \
        siamo uno, siamo un, siamo la, siamo il",
    articles: "un’, un', una, un, uno, la, il",
    head_first: true,
    compounds: false,
    businesses: "assicurazione, banca, birrificio, calzaturificio, cantina, cantiere, cartiera, caseificio, clinica, \
        conceria, distilleria, falegnameria, farmacia, fonderia, forno, frantoio, gelateria, hotel, libreria, \
        macelleria, maglificio, mobilificio, mulino, museo, ospedale, ottica, panificio, pasticceria, \
        pastificio, ristorante, salumificio, sartoria, scuola, segheria, teatro, tipografia, torrefazione, \
        università, vetreria, vivaio",
    makers: "agenzia, associazione, azienda, bottega, casa, catena, compagnia, cooperativa, ditta, distributore, \
        fabbrica, fabbricante, fornitore, gruppo, importatore, impresa, istituto, laboratorio, marchio, negozio, \
        officina, operatore, piattaforma, produttore, rete, rivenditore, società, specialista, sviluppatore, \
        startup, studio, centro",
    makers_of: "",
    of: "di, del, della, dei, delle, d’, d', in, per, specializzata in, specializzato in, specializzata nella, \
        specializzata nel, specializzato nella",
    ends: "che, con, dal, da, fondata, fondato, situata, situato, a, al, nata, nato, dove, è, sono, sede, leader, \
        nel, nella, presso",
    and: "e, ed, o, &",
    praise: "",
    fields: "immobiliare, legale, informatica, chimica, farmaceutica, tessile, pubblicitaria, digitale, agricola, \
        logistica, edile, dentistico, notarile, commercialista, tecnico, vinicola, grafico, meccanica, \
        alimentare, fotografico",
};

const PORTUGUESE: TradeWords = TradeWords {
    we_are: "somos",
    is_a: "é uma das, é um dos, é uma, é um, é a, é o, somos uma, somos um, somos a, somos o",
    articles: "uma, um, a, o",
    head_first: true,
    compounds: false,
    businesses: "adega, banco, cervejaria, clínica, colégio, confeitaria, construtora, editora, escola, faculdade, \
        farmácia, floricultura, fundição, gráfica, hospital, hotel, imobiliária, lavanderia, livraria, \
        marcenaria, museu, ótica, padaria, pastelaria, queijaria, restaurante, seguradora, serralharia, \
        tipografia, teatro, transportadora, universidade, vinícola, consultora, consultoria",
    makers: "agência, associação, cadeia, companhia, cooperativa, desenvolvedora, distribuidor, distribuidora, \
        empresa, escritório, especialista, estúdio, fabricante, fábrica, firma, fornecedor, fornecedora, \
        gabinete, grupo, importador, importadora, indústria, instituto, laboratório, loja, marca, oficina, \
        operador, operadora, plataforma, produtor, produtora, rede, sociedade, startup, ateliê, centro",
    makers_of: "",
    of: "de, do, da, dos, das, em, para, especializada em, especializado em, dedicada a",
    ends: "que, com, desde, fundada, fundado, localizada, localizado, sediada, por, onde, é, são, situada, situado, \
        cuja, cujo, líder, no, na",
    and: "e, ou, &",
    praise: "",
    fields: "imobiliária, tecnológica, informática, química, farmacêutica, têxtil, publicitária, digital, agrícola, \
        logística, industrial, energética, contábil, veterinária, dentária, alimentar",
};

/// What everything can be of, and what says nothing of a trade.
const VAGUE: &str = "choice, companies, firms, businesses, brands, people, excellence, quality, droit, taille, qualité, \
        confiance, référence, calidad, confianza, referencia, capital, qualità, fiducia, riferimento, qualidade, \
        referência, kwaliteit, qualität, rang, format, welt, things, solutions, services, products, it, this, \
        all, everything, you, your, famille, sociétés";

/// The entries of a list, which is written as one text because its layout is nobody's business.
fn listed(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.split(", ").filter(|entry| !entry.is_empty())
}

fn has(list: &'static str, word: &str) -> bool {
    listed(list).any(|entry| entry == word)
}

/// A word of a phrase: where it stands, in lower case, and whether a mark follows that ends the phrase.
struct Word {
    start: usize,
    end: usize,
    lower: String,
    /// Begins with a capital.
    capital: bool,
    comma: bool,
    stop: bool,
}

fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start = 0;
    for piece in text.split_inclusive(char::is_whitespace) {
        let bare = piece.trim_end();
        // `d’avocats` is a preposition and its noun.
        let elided = ["d’", "d'", "l’", "l'", "D’", "D'", "un’", "un'"]
            .iter()
            .find(|elided| bare.starts_with(**elided));
        let cuts = elided
            .map(|elided| elided.len())
            .filter(|length| *length < bare.len());
        let pieces = [
            cuts.map(|at| (0, at)),
            Some((cuts.unwrap_or(0), bare.len())),
        ];
        for (from, to) in pieces.into_iter().flatten() {
            let part = cut(bare, from..to);
            let word = part.trim_start_matches(['(', '“', '"', '„', '«']);
            let opened = part.len() - word.len();
            let kept = word.trim_end_matches([
                '.', ',', ';', ':', '!', '?', '”', '"', '»', ')', '|', '®', '™',
            ]);
            let marks = cut(word, kept.len()..);
            let bracket = opened > 0 && cut(part, ..opened).contains('(');
            if bracket || kept.is_empty() || matches!(kept, "-" | "–" | "—" | "·" | "•") {
                if let Some(last) = words.last_mut() {
                    let last: &mut Word = last;
                    last.stop = true;
                }
                return words;
            }
            let at = start + from + opened;
            words.push(Word {
                start: at,
                end: at + kept.len(),
                lower: kept.to_lowercase(),
                capital: kept.starts_with(char::is_uppercase),
                comma: marks == ",",
                stop: !marks.is_empty() && marks != "," && !matches!(marks, "®" | "™"),
            });
        }
        start += piece.len();
        if words.len() >= MOST_WORDS {
            break;
        }
    }
    words
}

impl TradeWords {
    /// The phrase that names a trade at the beginning of a text, which stands behind an article or begins a title.
    pub(super) fn trade(&self, text: &str) -> Option<(usize, usize)> {
        let words = words(text);
        let (first, last) = if self.head_first {
            self.behind_head(&words)?
        } else {
            self.before_head(&words)?
        };
        let (start, end) = (words.get(first)?.start, words.get(last)?.end);
        (start < end && (4..=LONGEST).contains(&(end - start))).then_some((start, end))
    }

    /// Where the text goes on behind `is a`, if it begins with that.
    pub(super) fn behind_copula<'t>(&self, text: &'t str) -> Option<&'t str> {
        let first = listed(self.is_a);
        first
            .filter_map(|phrase| behind(text, phrase))
            .min_by_key(|rest| rest.len())
    }

    /// The same behind `, a`.
    pub(super) fn behind_article<'t>(&self, text: &'t str) -> Option<&'t str> {
        let first = listed(self.articles);
        first
            .filter_map(|article| behind(text, article))
            .min_by_key(|rest| rest.len())
    }

    /// The same behind `We are a`.
    pub(super) fn behind_we_are<'t>(&self, text: &'t str) -> Option<&'t str> {
        let rest = listed(self.we_are).find_map(|we_are| behind(text, we_are))?;
        self.behind_article(rest)
    }

    fn is_end(&self, word: &Word) -> bool {
        has(self.ends, &word.lower)
    }

    /// English: the head is the last word before a preposition, a relative clause or a mark.
    fn before_head(&self, words: &[Word]) -> Option<(usize, usize)> {
        let mut length = 0;
        for word in words {
            if self.is_end(word) || has(self.of, &word.lower) {
                break;
            }
            length += 1;
            // `a private, family-run bakery`: the phrase goes on behind an adjective, and ends behind a noun.
            if word.stop || word.comma && self.kind(words, length - 1).is_some() {
                break;
            }
        }
        let praised = |word: &&Word| has(self.praise, &word.lower);
        let first = words.iter().take(length).take_while(praised).count();
        let last = length.checked_sub(1).filter(|last| first <= *last)?;
        match self.kind(words.get(first..)?, last - first)? {
            Kind::Trade => Some((first, last)),
            Kind::Maker => {
                let head = words.get(last)?;
                let of = words.get(last + 1).filter(|_| !head.stop && !head.comma)?;
                let is_of = has(self.of, &of.lower);
                let named = has(self.makers_of, &head.lower);
                let end = self
                    .complement(words, last + 2)
                    .filter(|_| is_of && named)?;
                Some((first, end))
            }
        }
    }

    /// What the word at a place is, with those before it.
    fn kind(&self, words: &[Word], at: usize) -> Option<Kind> {
        let lower = |back: usize| Some(words.get(at.checked_sub(back)?)?.lower.as_str());
        let head = lower(0)?;
        let pair = lower(1).map(|before| format!("{before} {head}"));
        if has(self.businesses, head)
            || pair
                .as_deref()
                .is_some_and(|pair| has(self.businesses, pair))
        {
            return Some(Kind::Trade);
        }
        if !has(self.makers, head) {
            return None;
        }
        let field = lower(1).is_some_and(|before| {
            let part = before.rsplit('-').next().unwrap_or(before);
            let two = lower(2).map(|first| format!("{first} {before}"));
            let of_two = two.is_some_and(|field| has(self.fields, &field));
            of_two || has(self.fields, before) || has(self.fields, part)
        });
        Some(if field { Kind::Trade } else { Kind::Maker })
    }

    /// The others: the head is the first noun behind the article, what it is of stands behind.
    fn behind_head(&self, words: &[Word]) -> Option<(usize, usize)> {
        let mut at = None;
        for (position, word) in words.iter().enumerate().take(4) {
            if self.is_end(word) || self.begins_of(words, position).is_some() {
                break;
            }
            if self.business(&word.lower) || self.maker(&word.lower) {
                at = Some(position);
                break;
            }
            if word.stop {
                break;
            }
        }
        let at = at?;
        let head = words.get(at)?;
        let goes_on = !head.stop && !head.comma;
        let field = words
            .get(at + 1)
            .filter(|next| goes_on && has(self.fields, &next.lower));
        let last = at + usize::from(field.is_some());
        let whole = words
            .get(last)
            .is_some_and(|word| !word.stop && !word.comma);
        let of = self.begins_of(words, last + 1).filter(|_| whole);
        let complement = of.and_then(|length| self.complement(words, last + 1 + length));
        let named = field.is_some() || self.business(&head.lower);
        // Adjectives stand before the head where it is a word of its own.
        match complement {
            Some(end) => Some((at, end)),
            None => named.then_some((at, last)),
        }
    }

    fn business(&self, word: &str) -> bool {
        listed(self.businesses).any(|business| {
            word == business || self.compounds && business.len() >= 6 && word.ends_with(business)
        }) || self.compounds && {
            let mut heads = listed(self.makers).chain(listed(self.businesses));
            heads.any(|head| {
                let field = word
                    .strip_suffix(head)
                    .map(|field| field.trim_end_matches('-'));
                field.is_some_and(|field| {
                    let bare = field.strip_suffix('s').unwrap_or(field);
                    listed(self.fields).any(|known| {
                        let known = known.strip_suffix('s').unwrap_or(known);
                        known == bare || known == field
                    })
                })
            })
        }
    }

    fn maker(&self, word: &str) -> bool {
        listed(self.makers).any(|maker| {
            word == maker || self.compounds && maker.len() >= 5 && word.ends_with(maker)
        })
    }

    /// How many words from here on say `of`.
    fn begins_of(&self, words: &[Word], at: usize) -> Option<usize> {
        let lengths = listed(self.of).filter_map(|of| {
            let mut length = 0;
            for part in of.split(' ') {
                if words.get(at + length)?.lower != part {
                    return None;
                }
                length += 1;
            }
            Some(length)
        });
        lengths.max()
    }

    /// The last word of what is made, sold or done: `shelves, tables and stools`.
    fn complement(&self, words: &[Word], from: usize) -> Option<usize> {
        let mut first = from;
        while words
            .get(first)
            .is_some_and(|word| has(ARTICLES, &word.lower))
        {
            first += 1;
        }
        let begins = words.get(first)?;
        let is_word = begins.lower.starts_with(char::is_alphabetic);
        if !is_word || has(VAGUE, &begins.lower) || !self.is_thing(begins) {
            return None;
        }
        let mut last = first;
        while let (Some(word), Some(next)) = (words.get(last), words.get(last + 1)) {
            let further = words
                .get(last + 2)
                .filter(|further| !next.stop && self.is_thing(further));
            let genitive = has(GENITIVES, &next.lower);
            let joins = has(self.and, &next.lower) || genitive;
            let ends = self.is_end(next) || !genitive && has(self.of, &next.lower);
            if word.stop || ends || word.comma && !self.lists_on(words, last + 1) {
                break;
            }
            last += match (joins, further) {
                (true, None) => break,
                (true, Some(_)) => 2,
                (false, _) => 1,
            };
        }
        Some(last)
    }

    /// A word that may be made or sold; capitals are names, where nouns have none.
    fn is_thing(&self, word: &Word) -> bool {
        let is_name = self.head_first && !self.compounds && word.capital;
        !is_name && !self.is_end(word)
    }

    /// Whether what stands behind a comma goes on to an `and`, so that both are parts of one enumeration.
    fn lists_on(&self, words: &[Word], from: usize) -> bool {
        let rest = words.get(from..).unwrap_or_default().iter();
        let mut inside = true;
        let mut rest = rest.take_while(|word| {
            let before = inside;
            inside = !word.stop;
            before && !self.is_end(word)
        });
        rest.any(|word| has(self.and, &word.lower))
    }
}

/// What a title names as the trade of who wrote it: `Pest Control in Leeds`, `Machine Learning Recruiters`, and
/// whether it is a business rather than one of its services.
pub(super) fn titled(text: &str) -> Option<(usize, usize, bool)> {
    let words = words(text);
    let before = words.iter().position(|word| ENGLISH.is_end(word));
    let upto = words
        .get(..before.unwrap_or(words.len()))
        .unwrap_or_default();
    let stop = upto
        .iter()
        .position(|word| word.stop)
        .map_or(upto.len(), |at| at + 1);
    let mut named = upto.get(..stop).unwrap_or_default();
    // `… Services Leeds`, `… Services Salem, OR`: a town without a preposition.
    let services =
        |word: &Word| matches!(word.lower.as_str(), "services" | "contractors" | "company");
    if let Some(at) = named
        .iter()
        .position(services)
        .filter(|at| at + 1 < named.len())
    {
        let rest = named.get(at + 1..).unwrap_or_default();
        if rest.iter().all(|word| word.capital) {
            named = named.get(..=at).unwrap_or_default();
        }
    }
    let (first, last) = (named.first()?, named.last()?);
    if named.len() > 6
        || named
            .iter()
            .any(|word| word.lower.contains(char::is_numeric))
    {
        return ENGLISH_LESS
            .iter()
            .find_map(|language| first_trade(language, text));
    }
    let whole = cut(text, first.start..last.end).to_lowercase();
    let one = whole.strip_suffix('s').unwrap_or(&whole);
    let behind_word = |list, text: &str| {
        listed(list).any(|known| {
            text.strip_suffix(known)
                .is_some_and(|before| before.is_empty() || before.ends_with(' '))
        })
    };
    if behind_word(ACTIVITIES, &whole) || behind_word(ACTIVITIES, one) {
        return Some((first.start, last.end, false));
    }
    let many = named.len() > 1 && behind_word(PEOPLE, &whole);
    let kind = ENGLISH.kind(named, named.len() - 1);
    if many || matches!(kind, Some(Kind::Trade)) && named.len() > 1 {
        return Some((first.start, last.end, !has(SERVICES, &last.lower)));
    }
    ENGLISH_LESS
        .iter()
        .find_map(|language| first_trade(language, text))
}

/// The trade that a name ends with.
pub(super) fn at_end(name: &str) -> Option<(usize, usize)> {
    let lower = name.to_lowercase();
    let lists = listed(ACTIVITIES).chain(listed(NAMED));
    let ends = lists.filter(|known| {
        let before = lower.strip_suffix(known);
        before.is_some_and(|before| before.is_empty() || before.ends_with(' '))
    });
    let longest = ends.map(str::len).max()?;
    let fits = lower.len() == name.len();
    fits.then(|| (name.len() - longest, name.len()))
}

/// Businesses that nothing else is called after.
const NAMED: &str = "bakery, brewery, college, creamery, distillery, foundry, hospital, hotel, law firm, museum, \
    pharmacy, restaurant, shipyard, university, winery, hochschule, universität, brauerei, krankenhaus, université, \
    hôpital, universiteit, ziekenhuis, universidad, ospedale, universidade";

/// A title in a language whose heads come first begins with one.
fn first_trade(language: &TradeWords, text: &str) -> Option<(usize, usize, bool)> {
    let (start, end) = language.trade(text).filter(|(start, _)| *start == 0)?;
    Some((start, end, true))
}

const ENGLISH_LESS: [&TradeWords; 6] = [&GERMAN, &FRENCH, &DUTCH, &SPANISH, &ITALIAN, &PORTUGUESE];

/// What a business does rather than what it is: one of several on all pages but its first.
const SERVICES: &str =
    "app, consulting, platform, rental, rentals, service, services, solution, solutions, system, tool";

const ARTICLES: &str =
    "le, la, les, l’, l', los, las, el, il, gli, lo, o, os, as, het, the, alle, den, die";

/// Prepositions that only join two nouns.
const GENITIVES: &str =
    "of, de, des, du, d’, d', von, van, di, del, della, delle, dei, degli, do, da, dos, das";

/// Whether a word is one for a trade or a business of any kind, in one of the languages: with nothing else it names no
/// business of its own.
pub(super) fn is_common(word: &str) -> bool {
    let lower = word.to_lowercase();
    let one = lower.strip_suffix("ies").map(|stem| format!("{stem}y"));
    let one = one.or_else(|| lower.strip_suffix('s').map(str::to_owned));
    let known = |word: &str| {
        has(SECTORS, word)
            || LANGUAGES.iter().any(|language| {
                let lists = [language.fields, language.businesses, language.makers];
                lists.into_iter().any(|list| has(list, word))
            })
    };
    known(&lower) || one.is_some_and(|one| known(&one))
}

/// Words of sectors that are neither fields nor businesses.
const SECTORS: &str = "public, private, local, national, regional, small, medium, large, sector, authority, government, \
    council, municipality, care, home, estate, industry, industrial, non-profit, nonprofit, charitable, professional, services, goods, \
    consumer, higher, central, and, of, the, &";

enum Kind {
    Trade,
    /// A trade only with what it is of.
    Maker,
}

/// What follows a phrase at the beginning of a text, whatever the case.
fn behind<'t>(text: &'t str, phrase: &str) -> Option<&'t str> {
    let beginning = text.get(..phrase.len())?;
    let rest = cut(text, phrase.len()..);
    let ends = phrase.ends_with(['’', '\'']) || rest.starts_with(char::is_whitespace);
    (beginning.to_lowercase() == phrase && ends).then(|| rest.trim_start())
}
