//! English.

use super::words::Role::*;
use super::words::{CustomerWords, Labels, NameWords, Streets, Towns, TradeWords, Words};

pub(super) const WORDS: Words = Words {
    code: "en",
    point: true,
    composes: false,
    roles: &[
        (&[Had], "had"),
        (&[Employed], "employed"),
        (&[Start], "started with|started out with|began|began with|was founded with|were founded with|started off with"),
        (&[Which], "which|who"),
        (&[Figures], "in figures|in numbers|at a glance|facts and figures|facts & figures|key figures|key facts|facts|figures|by numbers|by the numbers|company facts"),
        (&[We, Employ], "we are proud to employ|we're proud to employ|we proudly employ"),
        (&[Of, We], "of us"),
        (&[Employ], "is proud to employ|are proud to employ|proudly employs|proudly employ"),
        (&[Consist], "consists of|is made up of|comprises|numbers|counts"),
        (&[Including], "including"),
        (&[Fiscal, Ended], "the year to|year to|12 months to|twelve months to|the 12 months to|the twelve months to"),
        (&[Reach], "reaches|reach"),
        (&[GroupRevenue], "group revenue|group sales|group turnover|consolidated revenue"),
        (&[By], "by"),
        (&[Percent], "percent|per cent"),
        (&[Contribute], "contributed|contributes|accounted for|accounts for"),
        (&[For, We], "for us"),
        (&[At, We], "with us|here"),
        (&[We], "we"),
        (&[We, Be], "we're|we are|we were"),
        (&[We, Have], "we've"),
        (&[Our], "our"),
        (&[Company], "the company|the firm|the business"),
        (&[Our, Company], "our company|our firm|our business"),
        (&[Revenue], "revenue|revenues|turnover|sales|net sales|sales revenue|sales revenues|net revenue|net revenues"),
        (&[Yearly, Revenue], "annual revenue|annual revenues|annual turnover|annual sales|yearly revenue|yearly turnover|yearly sales"),
        (&[Earn], "generated|generates|generate|achieved|achieves|achieve|made|makes|make|recorded|records|record|reported|reports|report|posted|posts|post|earned|earns|earn|realised|realized|booked|has generated|have generated|has achieved|have achieved|saw"),
        (&[TurnOver], "turned over|turns over|turn over|has turned over|have turned over"),
        (&[Be], "was|is|were|are|amounted to|amounts to|totalled|totaled|totals|came to|comes to|stood at|stands at|came in at|hit|has been"),
        (&[Have], "has|have|currently has|currently have"),
        (&[Employ], "employs|employ|is employing|are employing|currently employs|currently employ|has on its payroll|have on our payroll"),
        (&[Work], "work|works|are employed"),
        (&[Grow], "rose|grew|increased|climbed|fell|declined|dropped|doubled|tripled|has grown|have grown|has risen|grown|decreased|doubled our|grew our|grew its|increased our|increased its|doubled its"),
        (&[End], "ended|closed|finished"),
        (&[GoOn], "cares|care|trains|train|looks after|look after|advises|advise|helps|help|teaches|teach|treats|treat|cooks|cook|cleans|clean|feeds|feed|insures|supports|support|manages|manage|trades|trade|grows|roasts|roast|prints|print|brews|brew|bakes|bake|installs|install|rents|rent|leases|lease|owns|own and run|hires|welcomes|serves|serve|exports|export|operates|operate|ships|ship|supplies|supply|delivers|deliver|sells|sell|produces|produce|offers|offer|runs|run|maintains|designs|builds|build|develops|develop|manufactures|manufacture|belongs|provides|provide|ranks|remains|stays|continues|keeps|looks"),
        (&[Staff], "employees|staff|staff members|members of staff|team members|teammates|co-workers|coworkers|colleagues|full-time employees|employed people|people employed|employee|people on our team|people on the team|people on staff|people on the payroll|people on our payroll|persons employed|people in our team"),
        (&[People], "people|persons|men and women|women and men|professionals|experts|specialists|heads"),
        (&[Team], "team|crew"),
        (&[Firm], "company|firm|boutique|agency|studio|consultancy|business|practice"),
        (&[HeadCount], "company size|firm size|headcount|head count|head-count|workforce|number of employees|number of staff|total employees|employee count|employee number|total staff|total headcount|staff count|staff size|no of employees|staff strength|employees in total|size of our team|the number of employees|the number of our employees"),
        (&[Strong], "strong|-strong|-person|-people|person"),
        (&[OnBoard], "on the books|on board|on the payroll|on our payroll|on our books|on our team|on the team|on its books|on its payroll|in our team|in the team|on staff"),
        (&[OfThem], "of them|of these|of those"),
        (&[Exist], "there are|there're|they are"),
        (&[That], "that was|that is|this is|this was"),
        (&[Article], "a|an|the"),
        (&[Of], "of"),
        (&[In], "in|during"),
        (&[With], "with"),
        (&[At], "at"),
        (&[For], "for"),
        (&[To], "to"),
        (&[From], "from"),
        (&[And], "and|as well as|&"),
        (&[Between], "between"),
        (&[Approx], "about|around|approximately|approx|circa|ca|c|some|roughly|nearly|almost|close to|just under|just over|an estimated"),
        (&[Over], "more than|over|upwards of|in excess of|well over"),
        (&[AtLeast], "at least"),
        (&[Under], "fewer than|less than|under|below"),
        (&[UpTo], "up to"),
        (&[Yearly], "annual|yearly|annually|a year|per year|per annum|every year|each year|p a|pa"),
        (&[Quarterly], "quarterly|quarter|a quarter|per quarter"),
        (&[Monthly], "monthly|a month|per month|every month"),
        (&[Ordinal], "first|second|third|fourth"),
        (&[YearWord], "year|the year|calendar year"),
        (&[Fiscal], "fiscal|fiscal year|financial year|the financial year|the fiscal year|the business year|business year|fy|our financial year|our fiscal year|full year|the full year"),
        (&[Fiscal, Ended], "year ended|year ending|the year ended|the year ending"),
        (&[Ended], "on|at the end of|by the end of|ending|ended on|end of|the end of|as of|as at"),
        (&[Month], "january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec"),
        (&[LastYear], "last year|in the last financial year|in the past year|in the last fiscal year|last financial year|last fiscal year|in the past financial year"),
        (&[Now], "now|today|currently|at present|already|meanwhile|presently|still|also|again|as of today|these days|nowadays|at the moment"),
        (&[Praise], "dedicated|talented|skilled|highly skilled|highly qualified|qualified|motivated|highly motivated|full-time|permanent|passionate|experienced|loyal|committed|own|friendly|great|amazing|creative|hard-working|wonderful|small|growing|fast-growing|international|global|expert|diverse"),
        (&[Total], "net|total|overall|a total of|in total|all together|altogether"),
        (&[Everywhere], "worldwide|globally|around the world|across the globe|across the world|around the globe|all told|company-wide|throughout the company"),
        (&[Sites], "sites|locations|offices|countries|branches|plants|factories|stores|shops|cities|continents|site|office|studios|warehouses|facilities"),
        (&[At], "across|spread across|spread over"),
        (&[Opener], "founded|established|based|headquartered|started|launched|located|family-owned|family-run|originally founded|incorporated|born"),
        (&[Remark], "depending on|previous year|prior year|year before|the year before|after|up|down|compared|an increase|a rise|a decrease|of whom|of which|which is|a growth|most of whom|many of whom|most of them|half of whom|making us|making it"),
        (&[Reach], "reached|has reached|have reached"),
    ],
    fractions: &[("three quarters of a", 0.75), ("three quarters", 0.75), ("a quarter of a", 0.25), ("a quarter", 0.25), ("quarter of a", 0.25), ("quarter", 0.25), ("half of a", 0.5), ("half a", 0.5), ("half an", 0.5), ("half", 0.5)],
    labels: Labels {
        address: "address|contact|contact us|contact details|get in touch|visit us|find us|where to find us|reach us|write to us|office|offices|location|based|located|situated|mailing address|postal address|mail|where we are|come and see us|our address|our offices|offices and locations|how to find us|trading address",
        seat: "head office|headquarters|headquarter|headquartered|hq|main office|registered office|registered address|corporate office|principal office",
        legal: "site owner|publisher|information according to|website owner|site operator",
        legal_page: "imprint|legal notice|legal information",
        people: "owner|proprietor|managing director|managing directors|director|directors|represented by|responsible",
        contact_paths: "contact|find-us|visit-us",
        legal_paths: "imprint|legal-notice",
        beside: "our|the|main|company|corporate|global|world|us|office|address|is|at|in|of|to|by|and|are|full|new|send|mail|visit|copyright|site",
    },
    streets: Streets {
        home: "",
        words: "",
        first: "",
        endings: "",
        estates: "",
        small: "of|the",
        units: "suite|ste|unit|apt|apartment|room|rm|floor|fl|building|bldg|level|office|no|lot|box|p.o|po",
        number_signs: "",
        without_number: "",
        number_first: false,
    },
    towns: Towns {
        several_words: false,
        first: "",
        joins: "",
    },
    scales: &[
        ("thousand", 1e3), ("thousands", 1e3), ("k", 1e3), ("million", 1e6), ("millions", 1e6), ("m", 1e6), ("mn", 1e6), ("mio", 1e6), ("mln", 1e6),
        ("billion", 1e9), ("billions", 1e9), ("bn", 1e9), ("b", 1e9), ("bln", 1e9), ("trillion", 1e12), ("trillions", 1e12), ("tn", 1e12),
        ("lakh", 1e5), ("lakhs", 1e5), ("lac", 1e5), ("crore", 1e7), ("crores", 1e7), ("cr", 1e7),
    ],
    numbers: &[
        ("one", 1.0), ("two", 2.0), ("three", 3.0), ("four", 4.0), ("five", 5.0), ("six", 6.0), ("seven", 7.0), ("eight", 8.0), ("nine", 9.0),
        ("ten", 10.0), ("eleven", 11.0), ("twelve", 12.0), ("thirteen", 13.0), ("fourteen", 14.0), ("fifteen", 15.0), ("sixteen", 16.0),
        ("seventeen", 17.0), ("eighteen", 18.0), ("nineteen", 19.0), ("twenty", 20.0), ("thirty", 30.0), ("forty", 40.0), ("fifty", 50.0),
        ("sixty", 60.0), ("seventy", 70.0), ("eighty", 80.0), ("ninety", 90.0), ("hundred", 100.0),
    ],
    joins: "and|&",
    halves: "half|a half",
    trade: &TradeWords {
        we_are: "we are|we're|we’re",
        is_a: "is now an|is now a|is one of the|are one of the|was founded as a|was founded as an|has been a|\
            has been an|is an|is a|is the|are an|are a|are the|is your|are your",
        articles: "a|an|the|your",
        head_first: false,
        compounds: false,
        businesses: "accountancy|bakery|bank|bookshop|bookstore|boatyard|brewery|brickworks|butchery|café|cafe|\
            carpentry|casino|charity|church|cinema|clinic|college|courier|creamery|dairy|dealership|distillery|\
            ferry|florist|forge|forwarder|foundry|garage|goldsmith|greengrocer|grocer|gym|haulier|hospital|hospice|\
            hostel|hotel|insurer|joinery|kindergarten|landscaper|laundry|library|locksmith|mill|museum|newspaper|\
            nursery|optician|orchard|pharmacy|photographer|plumber|printer|pub|publisher|quarry|recruiter|\
            restaurant|roaster|roofer|sawmill|school|shipyard|slaughterhouse|smithy|solicitor|spa|supermarket|\
            tannery|theatre|theater|university|vineyard|winery|workshop|zoo|law firm|airline|railway|wholesaler|\
            brewpub|housebuilder|shipbuilder|bookmaker|winemaker|carmaker|nonprofit publisher|\
            social enterprise bakery|broadcaster|abattoir|apiary|auctioneer|auction house|bindery|boatbuilder|\
            bookbinder|blacksmith|brickmaker|cabinetmaker|cannery|chandlery|chandler|cheesemaker|chocolatier|cidery|\
            cooperage|creche|dairy farm|dental practice|driving school|dance school|farm shop|fishery|fishmonger|\
            funeral director|garden centre|garden center|glassworks|gunsmith|hatchery|ironworks|jeweller|jeweler|\
            language school|letting agent|lettings agency|maltings|meadery|milliner|music school|nightclub|\
            observatory|orchestra|paper mill|patisserie|pottery|potter|riding school|roastery|saddlery|saddler|\
            shipbroker|shipping line|smokehouse|steelworks|stonemason|stonemasonry|tailor|tearoom|thatcher|\
            tyre fitter|upholsterer|veterinary practice|violin maker|watchmaker|waterworks|weaver|wheelwright|\
            woollen mill|accountancy practice|architecture practice|estate agent|estate agency|credit union|\
            building society|housing association|cleaning contractor|ropeworks|saltworks|gasworks|cotton mill",
        makers: "agency|association|boutique|brand|broker|brokerage|builder|business|carrier|center|centre|chain|\
            collective|company|consultancy|consultant|consulting firm|contractor|cooperative|co-operative|creator|\
            dealer|designer|developer|distributor|enterprise|exporter|fabricator|factory|firm|foundation|founder|\
            grower|group|importer|institute|laboratory|lab|maker|manufacturer|marketplace|merchant|network|office|\
            operator|organisation|organization|platform|practice|processor|producer|provider|reseller|retailer|\
            seller|service|services|shop|software|solution|solutions|specialist|specialists|startup|start-up|store|\
            studio|supplier|system|tool|trader|vendor|wholesaler|app|partnership|consulting|rentals|rental",
        makers_of: "builder|chain|creator|dealer|designer|developer|distributor|exporter|fabricator|grower|importer|\
            maker|manufacturer|merchant|operator|processor|producer|provider|publisher|reseller|retailer|seller|\
            supplier|trader|vendor|wholesaler",
        of: "of",
        ends: "for|in|that|which|who|whose|where|with|based|from|offering|helping|providing|dedicated|serving|\
            located|founded|headquartered|since|to|by|committed|focused|designed|built|used|operating|at|on|as|has|\
            is|are|was|were|we|our|it|you|your|across|near|under|including|like|such|trusted|delivering|making|\
            established|within|around|throughout|between|without|through|when|so|because|but|registered|owned|run|\
            worldwide|using|there|here|one|via|into|over|they|can|will",
        and: "and|&|or",
        praise: "leading|premier|trusted|award-winning|top|top-rated|best|world’s|world's|world-class|largest|\
            biggest|first|only|global|leader|full-service|fast-growing|fastest-growing|well-known|renowned|\
            innovative|reliable|reputable|proud|privately-held|new|great|small|most|truly|very|modern|local|and|\
            number|one|#1|highly|respected|established|national|a|an|the|go-to|favourite|favorite|friendly|\
            independent|private|privately|publicly|listed|owned|run|growing|fast|medium-sized|mid-sized|specialised|\
            specialized|experienced|professional|dedicated|passionate|dynamic|young|old|oldest|long-standing|\
            longstanding|multi-award-winning|tiny|big|regional|international|worldwide|european|british|english|\
            scottish|welsh|irish|american|german|french|dutch|spanish|italian|portuguese|danish|swedish|norwegian|\
            swiss|austrian|belgian|canadian|australian|fully|vertically|integrated|certified|happy|boutique|\
            traditional|historic|second-largest|third-largest",
        participles: "based|owned|run|led|growing|winning|generation|sized|known|class|renowned|backed|certified|batch|operated|managed|leading|established|rated",
        labels: "industry|sector|line of business|business sector|field of activity|type of business|nature of business",
        no_titles: "how|what|why|when|which|best|top|guide|vs|versus|review|reviews|choose|choosing|hire|hiring|\
            your|you|our|the|tips|about|contact|types|cost|costs|terms|compare|get|find|buy|learn|explore|discover|\
            meet|try|book|see|start|request|download|welcome|price",
        elisions: "",
        fields: "accounting|advertising|advisory|aerospace|agricultural|air|analytics|architectural|architecture|\
            asphalt|audit|automation|automotive|aviation|bakery|banking|battery|beauty|beverage|bicycle|bike|\
            biotech|biotechnology|boat|book|bookkeeping|branding|brick|bridge|broadband|brewing|building|bus|cable|\
            car|cargo|carpet|catering|ceramics|chemical|chemicals|childcare|chocolate|cleaning|clothing|cloud|coach|\
            coaching|coffee|collaboration|commerce|communications|compliance|computer|concrete|construction|\
            consulting|content|cosmetic|cosmetics|courier|craft|crm|cruise|customer service|cyber|cybersecurity|\
            cycling|dairy|dance|data|database|delivery|demolition|dental|design|development|digital|drilling|drinks|\
            driving|e-commerce|ecommerce|e-learning|education|educational|electrical|electricity|electronics|\
            elevator|email|energy|engineering|entertainment|environmental|event|events|executive search|export|\
            eyewear|fashion|feed|ferry|film|finance|financial|fintech|fire protection|fish|fishing|fitness|flooring|\
            flower|food|footwear|forestry|freight|fruit|fuel|funeral|furniture|gaming|game|games|garden|gardening|\
            gas|glass|grocery|guitar|haulage|health|healthcare|heating|home care|homeware|horticultural|hospitality|\
            hosting|housing|hr|human resources|hvac|ice cream|import|infrastructure|inspection|instrument|\
            insulation|insurance|interior design|internet|investment|invoicing|irrigation|it|jewellery|jewelry|\
            joinery|kitchen|landscape|landscaping|language|laser|laundry|law|learning|learning management|leather|\
            legal|lending|lift|lighting|livestock|logistics|luggage|machine|machinery|mail|maintenance|management|\
            management consulting|marine|maritime|market research|marketing|meat|media|medical|metal|metals|milling|\
            mining|mobility|mortgage|motor|motorcycle|moving|music|networking|news|nursing|office|oil|optical|\
            packaging|paint|painting|paper|payment|payments|payroll|pension|pest control|pet|pharma|pharmaceutical|\
            photo|photography|pipeline|planning|plastics|plumbing|postal|pottery|power|pr|precision|print|printing|\
            procurement|project management|property|public relations|publishing|pump|rail|railway|real estate|\
            recording|recruiting|recruitment|recycling|refrigeration|refurbishment|removal|removals|rental|\
            renovation|repair|research|restaurant|retail|robotics|roofing|safety|sail|sailing|salt|sanitation|\
            sawmill|scaffolding|scheduling|science|seafood|security|seed|semiconductor|seo|shipping|shoe|\
            shipbuilding|signage|ski|skincare|social media|soap|software|solar|spice|sports|staffing|stationery|\
            steel|stone|storage|surveying|tax|taxi|tea|tech|technology|telecom|telecommunications|telephone|\
            television|textile|textiles|ticketing|tile|timber|tool|tour|tourism|tourist|toy|toys|trading|training|\
            translation|transport|transportation|travel|tyre|tire|utilities|utility|vehicle|ventilation|veterinary|\
            video|video game|warehousing|waste|watch|water|weaving|web|web design|wedding|welding|wellness|\
            wholesale|wind|window|wine|wood|woodworking|yacht|yarn|yoga|blockchain|ai|saas|mobile app|app|tutoring|\
            grooming|outreach|writing|editing|copywriting|therapy|counselling|counseling|rehabilitation|kitchens|\
            bathroom|bathrooms|fencing|paving|plastering|glazing|furnishing|upholstery|improvement|improvements|\
            decorating|carpentry|masonry|locksmith|lock|alarm|surveillance|survey|hydrographic survey|\
            geophysical survey|asbestos|asbestos removal|archaeological|acoustic|acoustics|aquaculture|\
            arboriculture|audio|auction|barrier|biomass|biogas|boiler|brush|button|cabling|candle|canvas|carton|\
            cement|chair|charter|cider|clay|cleanroom|coating|coatings|cold storage|confectionery|conveyor|crane|\
            curtain|cutlery|data centre|data center|debt collection|detergent|diagnostics|diving|drainage|drone|\
            dyeing|dredging|electroplating|enamel|envelope|exhibition|fabric|farming|fastener|fertiliser|fertilizer|\
            fibre|fiber|filtration|filter|firework|fireworks|fleet|floor|forensic|galvanising|geotechnical|gift|gin|\
            glassware|glove|gravel|greenhouse|hardware|harness|hat|hemp|hose|ice|ironmongery|kayak|knitwear|\
            labelling|lace|ladder|lamp|leisure|lens|letterpress|life sciences|linen|lubricant|lubricants|mapping|\
            marquee|mattress|metrology|moulding|molding|navigation|nut|optics|organ|packing|parcel|pallet|parquet|\
            perfume|piano|pipe|playground|polymer|pool|swimming pool|port|poultry|powder coating|preserves|\
            pressure vessel|puppet|quarrying|radio|remediation|resin|rigging|rope|rubber|sand|satellite|saw|scrap|\
            scrap metal|screw|sensor|sewing|sheet metal|ship repair|sign|silk|simulation|slate|soil|soil testing|\
            spring|sprinkler|stair|staircase|steam|stove|subtitling|switchgear|tank|tanning|telematics|tent|testing|\
            thread|toolmaking|tracking|tree|valve|varnish|vegetable|veneer|vending|vertical farming|wallpaper|\
            weather|weighing|wheel|wire|wool|workwear|zinc|chimney|chimney sweep|vinegar|honey|egg|cheese|seaweed|\
            mushroom|oyster|whisky|whiskey|rum|vodka|instrument making|violin|bell|map|globe|dental supply|\
            hearing aid|prosthetics|orthopaedic|orthotics|surgical|catheter|laboratory|genetics|genomics|\
            drug discovery|minibus|limousine|chauffeur|breakdown recovery|towing|car hire|van hire|boat hire|\
            plant hire|tool hire|bike hire|equipment hire|hire|vehicle leasing|leasing|freight forwarding|\
            customs clearance|fulfilment|fulfillment|crowdfunding|wealth management|asset management|\
            fund management|private equity|venture capital|actuarial|auditing|bailiff|translation and interpreting|\
            interpreting|proofreading|typesetting|bookbinding|embroidery|screen printing|dry cleaning|\
            window cleaning|pest|vermin|hygiene|sanitary|pallet repair|lighthouse|escape room|theme park|circus|\
            puppetry|animation|genealogy|cartography|geospatial|remote sensing|quantum|cryogenic|vacuum|hydraulic|\
            hydraulics|pneumatic|bearing|bearings|gearbox|turbine|wind turbine|heat pump|hydrogen|fuel cell|\
            charging|ev charging|energy storage|tidal|geothermal|nuclear|decommissioning|demining|salvage|\
            underwater|tunnelling|piling|groundworks|damp proofing|thatching|plasterwork|stained glass|\
            joinery and carpentry",
        vague: "choice|companies|firms|businesses|brands|people|excellence|quality|capital|things|solutions|\
            services|products|it|this|all|everything|you|your",
        skipped: "the|all",
        genitives: "of",
        named: "bakery|brewery|college|creamery|distillery|foundry|hospital|hotel|law firm|museum|pharmacy|\
            restaurant|shipyard|university|winery",
        activities: "pest control|web design|graphic design|interior design|landscape design|home improvements|\
            property management|facility management|event management|waste management|real estate|car rental|\
            equipment rental|fitness rental|tool rental|car hire|boat hire|van hire|plant hire|vehicle hire|\
            equipment hire|tool hire|bike hire|bike rental|boat rental|party rental|rubbish removal|junk removal|\
            tree surgery|tree service|roof repair|car repair|auto repair|phone repair|computer repair|\
            appliance repair|boiler repair|video production|film production|software development|web development|\
            app development|web hosting|executive search|dog grooming|dog walking|pet grooming|catering|plumbing|\
            roofing|landscaping|recruiting|recruitment|plastering|scaffolding|locksmithing|bookkeeping|translation|\
            photography|woodworking|metalworking|carpentry|joinery|masonry|brickwork|electrical contracting|\
            house cleaning|window cleaning|carpet cleaning|office cleaning|commercial cleaning|dry cleaning|\
            house painting|fencing contractors|removals|house removals|office removals|freight forwarding|\
            self storage|civil engineering|structural engineering|mechanical engineering|air conditioning|heating|\
            heating and plumbing|plumbing and heating|printing|sign making|physiotherapy|dentistry|tax preparation|\
            payroll|accounting|accountancy|architecture|conveyancing",
        people: "accountants|architects|attorneys|bakers|bookbinders|bookkeepers|brewers|bricklayers|brokers|\
            builders|butchers|cabinetmakers|carpenters|caterers|cleaners|consultants|contractors|decorators|\
            dentists|designers|developers|electricians|engineers|florists|gardeners|glaziers|goldsmiths|gunsmiths|\
            jewellers|jewelers|joiners|landscapers|lawyers|locksmiths|manufacturers|masons|mechanics|movers|\
            notaries|opticians|painters|pharmacists|photographers|physiotherapists|plasterers|plumbers|printers|\
            recruiters|removers|retailers|roofers|saddlers|scaffolders|shipbuilders|solicitors|stonemasons|\
            surveyors|tailors|tilers|translators|undertakers|upholsterers|vets|wholesalers|winemakers|wine merchants",
        services: "app|consulting|platform|rental|rentals|service|services|solution|solutions|system|tool",
        sectors: "public|private|local|national|regional|small|medium|large|sector|authority|government|council|\
            municipality|care|home|estate|industry|industrial|non-profit|nonprofit|charitable|professional|services|\
            goods|consumer|higher|central|and|of|the|&|hotels|airlines|museums|schools|clinics|retailers|\
            manufacturers|hospitals|banks|breweries|authorities|councils|municipalities|charities|trade|trades|\
            craft|crafts",
    },
    customers: &CustomerWords {
        our: "our|some of our|a few of our|many of our|selected|notable|featured",
        customers: "clients|customers",
        adjectives: "valued|satisfied|happy|loyal|long-standing|longstanding|largest|biggest|key|major|main|\
            best-known|well-known|international|current|existing|new|many|corporate|business|regular|first|other|\
            recent|favourite|favorite|enterprise|retail|local|global|great|amazing|wonderful|public sector|\
            commercial",
        include: "include|are|range from|have included|also include|now include|include names such as|\
            are companies such as|are names such as",
        introductions: "trusted by|we count|relied on by|chosen by|our clientele includes|\
            our customer base includes|our client list includes|our customer list includes",
        work_with: "we work with|we work for|we work closely with|we worked with|we worked for|we have worked with|\
            we have worked for|we've worked with|we've worked for|we have had the pleasure of working with|\
            we've had the pleasure of working with|we had the pleasure of working with|we serve|we supply|\
            we have served|we've served|we are trusted by|we're trusted by",
        works_with: "has worked with|have worked with|has worked for|have worked for|works with|works for|\
            is trusted by|serves|supplies|is used by|are used by",
        companies: "clients|customers|companies|brands|organisations|organizations|teams|businesses|institutions|\
            firms|retailers|manufacturers",
        such_as: "such as|like|including",
        aside: "among others|amongst others|for example|for instance|e.g.",
        are_customers: "are among our customers|are among our clients|are our customers|are our clients|\
            are customers of ours|are clients of ours|trust us|rely on us|put their trust in us|already trust us|\
            already rely on us|are some of our customers|are some of our clients|count among our customers|\
            count among our clients",
        announcements: "clients who trust us|customers who trust us|companies who trust us|brands who trust us|\
            companies that trust us|clients we work with|companies we work with|brands we work with|\
            clients we've worked with|companies we've worked with|brands we've worked with|who we work with|\
            who we've worked with|they trust us|who trusts us|in good company|clients include|customers include|\
            our clients include|our customers include|client list|customer list|customer references|trusted by|\
            they work with us",
        stories: "case study|customer story|client story|success story|customer case|customer success story",
        praise: "testimonial|testimonials|what our clients say|what our customers say|what clients say|\
            what customers say|what people say|what users say|what our users say|what they say|\
            what our clients are saying|what our customers are saying|customer stories|client stories|\
            customer reviews|client reviews|customer success|client success|customer love|loved by|trusted by",
        others: "investor|investors|board|advisor|advisors|advisory|team|press|career|careers|jobs|partner|partners|\
            news",
        heads: "ceo|co-ceo|cto|cmo|coo|cfo|ciso|cio|cpo|chief executive|chief executive officer|\
            chief financial officer|chief operating officer|chief technology officer|chief marketing officer|\
            chief information officer|chief product officer|chief people officer|founder|cofounder|co-founder|owner|\
            co-owner|president|managing director|managing partner|general manager|proprietor|chair|chairman|\
            chairwoman|chairperson",
        roles: "vice president|svp|evp|vp|director|manager|analyst|engineer|officer|coordinator|specialist|lead|\
            head|partner|senior partner|planner|buyer|controller|supervisor|administrator|superintendent|technician|\
            chef|head chef|principal|foreman|accountant|bursar|architect|developer|designer|executive|secretary|\
            bookkeeper|matron|dispatcher",
        at: "at|@",
        inside: "",
        of: "of",
        says: "says|said|explains|adds|explained|added|reports",
        departments: "academy|accounts|acquisition|administration|affairs|alliances|analytics|communications|\
            compliance|content|cybersecurity|data|delivery|design|development|digital|division|e-commerce|ecommerce|\
            education|enablement|engagement|engineering|experience|finance|growth|hr|infrastructure|innovation|\
            insights|intelligence|it|learning|legal|logistics|management|marketing|office|officer|operations|\
            partnerships|people|planning|privacy|procurement|product|products|program|programme|programmes|programs|\
            projects|quality|relations|research|resources|risk|safety|sales|science|security|service|services|\
            strategy|success|support|systems|talent|team|technology|training|transformation|department|purchasing|\
            production|maintenance|facilities",
        no_names: "companies|teams|brands|experts|saying|businesses|customers|clients|users|people|professionals|\
            leaders|leading|startups|enterprises|organisations|organizations|organisation|organization|agencies|\
            firms|thousands|millions|hundreds|over|more|many|others|all|our|your|you|we|us|read|learn|view|see|show|\
            get|book|contact|download|watch|case study|case studies|stories|story|next|previous|menu|close|about|\
            service|services|solutions|pricing|blog|login|worldwide|around|across|marketing|sales|operations|\
            engineering|human resources|finance|information technology|customer service|customer success|product|\
            growth|strategy|industry|industries|market|homeowners|families|parents|students|patients|testimonial|\
            testimonials|review|reviews|star|stars|client|customer|partner|brand|company|logo|image|icon|photo|\
            picture|placeholder|slide|banner|screenshot",
        within: "of|the|&",
        article: "the",
        we: "we|we're|our|us|ours|I|my",
        and: "and|as well as|&",
    },
    names: &NameWords {
        forms: "private limited|pvt. ltd.|pvt. ltd|pvt ltd|pty. ltd.|pty ltd|pte. ltd.|pte ltd|pte. ltd|co., ltd.|\
            co. ltd.|co. ltd|limited|ltd.|ltd|l.l.c.|llc.|llc|llp|plc|pllc|p.a.|p.c.|incorporated|inc.|inc|\
            corporation|corp.|corp|C.I.C.|CIC",
        placeholders: "about|aboutus|blog|company|companyname|contact|contactus|default|example|home|homepage|\
            imprint|index|login|myblog|mysite|na|news|none|null|organization|organisation|products|search|services|\
            shop|site|sitename|store|team|test|undefined|untitled|website|welcome|wordpress|yourcompany|yoursite|\
            ourcompany|customers|references|careers|privacy|privacypolicy",
        sections: "blog|docs|documentation|news|usa|help|support|shop|store|online|community|forum|official|website|\
            site|home|careers|jobs|academy|resources|learn",
        rights: "all rights|rights reserved",
        until: "present|today",
        notes: "privacy|terms|cookie|sitemap|powered|website|imprint",
        imprint: "imprint|legal-notice|legal",
    },
};
