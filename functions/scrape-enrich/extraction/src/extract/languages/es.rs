//! Spanish.

use super::words::Role::*;
use super::words::{CustomerWords, Labels, NameWords, Streets, Towns, TradeWords, Words};

pub(super) const WORDS: Words = Words {
    code: "es",
    point: false,
    composes: false,
    roles: &[
        (&[Had], "tenía|contaba con|teníamos|contábamos con"),
        (&[Employed], "empleaba|empleábamos|empleaba a|daba empleo a"),
        (&[Start], "empezó con|comenzó con|empezó siendo|arrancó con|nació con"),
        (&[We, Start], "empezamos con|empezamos siendo|comenzamos con|comenzamos siendo|arrancamos con|nacimos con"),
        (&[Which], "que"),
        (&[Figures], "en cifras|en números|de un vistazo|datos y cifras|cifras clave|datos clave|cifras"),
        (&[Consist], "está formado por|está formada por|está compuesto por|está compuesta por|se compone de"),
        (&[End], "cerró|ha cerrado|terminó"),
        (&[Including], "incluidos|incluyendo"),
        (&[At, We], "con nosotros|en nuestra empresa"),
        (&[Contribute], "aportó"),
        (&[We], "nosotros"),
        (&[We, Be], "somos"),
        (&[We, Have], "tenemos|contamos con"),
        (&[We, Employ], "empleamos|damos empleo a"),
        (&[We, TurnOver], "facturamos|hemos facturado"),
        (&[We, Earn], "alcanzamos|obtuvimos|logramos|registramos|generamos"),
        (&[Our], "nuestro|nuestra|nuestros|nuestras"),
        (&[Company], "la empresa|la compañía|la sociedad"),
        (&[Our, Company], "nuestra empresa|nuestra compañía"),
        (&[Of, Company], "de la empresa|de la compañía"),
        (&[Of, Our, Company], "de nuestra empresa"),
        (&[Revenue], "facturación|ingresos|ventas|cifra de negocio|cifra de negocios|ventas netas|volumen de negocio|volumen de negocios|ingresos netos|facturación total|ingresos totales|ventas totales"),
        (&[Yearly, Revenue], "facturación anual|ingresos anuales|ventas anuales"),
        (&[Quarterly, Revenue], "facturación trimestral|ingresos trimestrales"),
        (&[Monthly, Revenue], "facturación mensual|ingresos mensuales"),
        (&[Earn], "obtuvo|logró|registró|generó|tuvo|obtiene|registra|genera|ha obtenido|cerró con"),
        (&[TurnOver], "facturó|factura|ingresó|ha facturado|ha ingresado"),
        (&[Be], "fue|es|fueron|son|ascendió a|asciende a|ascendieron a|se situó en|fue de|es de|fueron de|son de|alcanzó los|alcanzaron|alcanzaron los|ha sido de|se elevó a"),
        (&[Have], "tiene|cuenta con|dispone de"),
        (&[Employ], "emplea|da empleo a|emplea a|tiene en plantilla"),
        (&[Work], "trabajan|trabaja"),
        (&[Grow], "creció|aumentó|subió|pasó|se duplicó"),
        (&[GoOn], "atiende|forma|ayuda|asesora|limpia|cuida|alquila|instala|imprime|cultiva|exporta|fabrica|produce|ofrece|vende|diseña|desarrolla|opera|suministra|distribuye|exportamos|fabricamos|ofrecemos|vendemos"),
        (&[Staff], "empleados|empleadas|trabajadores|trabajadoras|empleados y empleadas|empleadas y empleados|colaboradores|personas en plantilla|trabajadores en plantilla|personas empleadas"),
        (&[People], "personas|profesionales|expertos"),
        (&[Team], "equipo|equipo humano"),
        (&[Firm], "empresa|agencia|estudio|consultora|empresa familiar"),
        (&[HeadCount], "tamaño de la empresa|plantilla|número de empleados|número de trabajadores|nº de empleados|total de empleados|número total de empleados"),
        (&[OfThem], "de ellos|de ellas"),
        (&[Article], "el|la|los|las|un|una"),
        (&[Of], "de|del|por valor de"),
        (&[In], "en|durante"),
        (&[With], "con"),
        (&[At], "repartidos en|distribuidos en|repartidas en"),
        (&[For], "para"),
        (&[To], "a"),
        (&[And], "y|e"),
        (&[Between], "entre"),
        (&[Approx], "aproximadamente|unos|unas|cerca de|casi|alrededor de|en torno a"),
        (&[Over], "más de"),
        (&[AtLeast], "al menos|como mínimo"),
        (&[Under], "menos de"),
        (&[UpTo], "hasta"),
        (&[Yearly], "anual|anuales|al año|por año|anualmente"),
        (&[Quarterly], "trimestre|trimestral|por trimestre"),
        (&[Monthly], "mensual|mensuales|al mes|por mes"),
        (&[Ordinal], "primer|segundo|tercer|cuarto"),
        (&[YearWord], "el año|año"),
        (&[Fiscal], "ejercicio|el ejercicio|año fiscal|el ejercicio fiscal"),
        (&[Ended], "finales de|a finales de|a cierre de"),
        (&[Month], "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"),
        (&[LastYear], "el año pasado|el pasado año|en el último ejercicio|el último año"),
        (&[Now], "hoy|actualmente|ahora|en la actualidad|hoy en día|ya|también"),
        (&[Praise], "cualificados|comprometidos|fijos|propios|altamente cualificados|experimentados|apasionados"),
        (&[Total], "total|un total de|neto|netas|totales"),
        (&[Everywhere], "en todo el mundo|en total|a nivel mundial"),
        (&[Sites], "países|sedes|oficinas|centros|tiendas|fábricas|plantas|delegaciones|ciudades"),
        (&[Opener], "fundada|fundado|creada|creado|con sede"),
        (&[Remark], "año anterior|ejercicio anterior|según|tras|de los cuales|de las cuales|frente a|un aumento"),
        (&[Reach], "alcanzó|alcanza|ha alcanzado"),
    ],
    fractions: &[],
    labels: Labels {
        address: "dirección|contacto|dónde estamos|encuéntranos|dirección postal|domicilio|visítanos|cómo llegar|nuestras oficinas",
        seat: "domicilio social|sede social|sede central|oficina central|oficinas centrales",
        legal: "titular|titular del sitio|titular de la web|datos identificativos|datos de la empresa|identificación del titular",
        legal_page: "aviso legal",
        people: "administrador|administradora|gerente|representante legal|propietario|propietaria",
        contact_paths: "contacto|donde-estamos|ubicacion",
        legal_paths: "aviso-legal|avisolegal",
        beside: "nuestra|la|web",
    },
    streets: Streets {
        home: "",
        words: "calle|c/|avenida|avda|av|plaza|pza|paseo|carretera|ctra|camino|ronda|travesía|rambla|carrer|polígono|cl|cra|crta|passeig|avinguda|plaça|vía|glorieta|callejón|costanilla|bulevar|calzada|carrera|jirón|camí|p.º",
        first: "",
        endings: "",
        estates: "polígono|pol|pg|parque|p.i|centro|urbanización|finca",
        small: "de|del|la|las|el|los|y|e|san",
        units: "apartado|piso|planta|bajo|bajos|esc|escalera|puerta|local|oficina|nave|naves|parcela|bloque|portal|entreplanta|entlo|ático|col|colonia|int|interior|despacho|edificio|módulo|dpto",
        number_signs: "nº|n.º|núm|num|número|km|km.",
        without_number: "s/n|sn|s/nº",
        number_first: false,
    },
    towns: Towns {
        several_words: true,
        first: "el|la|las|los|san|santa|santo|villa|alcalá",
        joins: "de|del|la|las|el|los|y",
    },
    scales: &[
        ("mil", 1e3), ("miles", 1e3), ("millón", 1e6), ("millon", 1e6), ("millones", 1e6), ("mill", 1e6), ("mm", 1e6), ("m", 1e6), ("k", 1e3), ("billón", 1e12), ("billones", 1e12), ("millardo", 1e9), ("millardos", 1e9), ("mio", 1e6),
    ],
    numbers: &[
        ("mil", 1_000.0), ("un", 1.0), ("uno", 1.0), ("una", 1.0), ("dos", 2.0), ("tres", 3.0), ("cuatro", 4.0), ("cinco", 5.0), ("seis", 6.0), ("siete", 7.0), ("ocho", 8.0), ("nueve", 9.0), ("diez", 10.0), ("once", 11.0), ("doce", 12.0), ("trece", 13.0), ("catorce", 14.0), ("quince", 15.0),
        ("dieciséis", 16.0), ("diecisiete", 17.0), ("dieciocho", 18.0), ("diecinueve", 19.0), ("veinte", 20.0), ("veintiún", 21.0), ("veintiuno", 21.0), ("veintidós", 22.0), ("veintitrés", 23.0), ("veinticuatro", 24.0), ("veinticinco", 25.0), ("veintiséis", 26.0), ("veintisiete", 27.0), ("veintiocho", 28.0), ("veintinueve", 29.0),
        ("treinta", 30.0), ("cuarenta", 40.0), ("cincuenta", 50.0), ("sesenta", 60.0), ("setenta", 70.0), ("ochenta", 80.0), ("noventa", 90.0), ("cien", 100.0), ("ciento", 100.0),
        ("doscientos", 200.0), ("trescientos", 300.0), ("cuatrocientos", 400.0), ("quinientos", 500.0), ("seiscientos", 600.0), ("setecientos", 700.0), ("ochocientos", 800.0), ("novecientos", 900.0),
        ("doscientas", 200.0), ("trescientas", 300.0), ("cuatrocientas", 400.0), ("quinientas", 500.0), ("seiscientas", 600.0), ("setecientas", 700.0), ("ochocientas", 800.0), ("novecientas", 900.0), ("medio", 0.5),
    ],
    joins: "y",
    halves: "medio|media",
    trade: &TradeWords {
        we_are: "somos",
        is_a: "es una de las|es uno de los|es una|es un|es la|es el|somos una|somos un|somos la|somos el",
        articles: "una|un|la|el",
        head_first: true,
        compounds: false,
        businesses: "almazara|aseguradora|banco|bodega|carnicería|carpintería|cervecería|clínica|colegio|\
            constructora|editorial|escuela|farmacia|floristería|fundición|gestoría|heladería|hospital|hotel|\
            imprenta|inmobiliaria|lavandería|librería|museo|naviera|notaría|óptica|panadería|pastelería|quesería|\
            restaurante|taller|teatro|universidad|zapatería|ferretería|consultora|asesoría|academia|aserradero|\
            astillero|armador|autoescuela|bodega cooperativa|cantera|cartonera|cerámica|cerería|chocolatería|\
            conservera|clínica dental|clínica veterinaria|cuchillería|curtiduría|destilería|despacho de abogados|\
            ebanistería|empacadora|envasadora|ferretera|funeraria|fábrica de quesos|ganadería|granja|guardería|\
            harinera|herrería|hilandería|jabonería|joyería|juguetería|lechería|marmolería|marroquinería|mercería|\
            metalúrgica|mueblería|orfebrería|papelera|peluquería|perfumería|pesquera|piscifactoría|platería|\
            residencia|sastrería|serrería|tapicería|tejería|tintorería|tonelería|tornería|tostadero|tostador|\
            vidriería|vivero|yesería|zoológico|aerolínea|autónoma|consultoría|correduría|correduría de seguros|\
            cristalería|fontanería|gabinete jurídico|galería|guarnicionería|ingeniería|lutier|maquinaria|molino|\
            notario|quiosco|relojería|siderúrgica|transportista|turronería|vinatería|carnicero|panadero|carpintero|\
            electricista|fontanero|cervecera|arrocera|aceitera|azucarera|cafetera|heladero",
        makers: "agencia|asociación|bufete|cadena|compañía|cooperativa|desarrollador|desarrolladora|despacho|\
            distribuidor|distribuidora|empresa|especialista|estudio|fabricante|fábrica|firma|gabinete|grupo|\
            importador|importadora|instituto|laboratorio|marca|mayorista|operador|operadora|plataforma|productor|\
            productora|proveedor|proveedora|red|sociedad|startup|taller|tienda|centro|escuela|almacén|bróker|\
            comercializadora|concesionario|constructor|diseñador|diseñadora|editor|exportador|exportadora|fundación|\
            gestora|granja|ingeniería|instalador|instaladora|manufactura|minorista|obrador|reparador|transformadora|\
            vendedor|vendedora",
        makers_of: "",
        of: "de|del|en|para|dedicada a|dedicado a|especializada en|especializado en",
        ends: "que|con|desde|ubicada|ubicado|fundada|fundado|a|al|por|donde|es|son|situada|situado|cuyo|cuya|líder",
        and: "y|e|o|&",
        praise: "",
        participles: "",
        labels: "sector|sector de actividad|actividad|actividad principal|rubro|ramo|giro",
        no_titles: "cómo|qué|cuándo|cuál|su|nuestro|nuestra|consejos|precio|precios|contacto|guía|mejor|mejores",
        elisions: "",
        fields: "inmobiliaria|tecnológica|constructora|informática|química|farmacéutica|textil|publicitaria|digital|\
            agrícola|logística|industrial|energética|jurídico|contable|veterinaria|dental|alimentaria|aeronáutica|\
            aeroespacial|agroalimentaria|audiovisual|automotriz|bancaria|cárnica|cerámica|cervecera|conservera|\
            cosmética|editorial|eléctrica|electrónica|ferroviaria|financiera|forestal|funeraria|ganadera|gráfica|\
            hotelera|láctea|maderera|marítima|mecánica|médica|metalúrgica|minera|naval|olivarera|papelera|pesquera|\
            petrolera|plástica|postal|sanitaria|siderúrgica|turística|vinícola|vitivinícola|de ingeniería|\
            de software|transporte|transportes|mudanzas|muebles|conservas|aceros|construcciones|hoteles|\
            supermercados|laboratorios|talleres|bodegas|textiles|viveros|molinos|aceites|quesos|cerámicas|plásticos|\
            maderas|limpiezas|viajes|seguros|vinos|embutidos",
        vague: "calidad|confianza|referencia|capital",
        skipped: "los|las|el|la",
        genitives: "de|del",
        named: "universidad",
        activities: "",
        people: "",
        services: "",
        sectors: "",
    },
    customers: &CustomerWords {
        our: "nuestros|algunos|algunos de nuestros|entre nuestros|nuestras|muchos de nuestros",
        customers: "clientes|clientes y referencias|referencias",
        adjectives: "principales|fieles|satisfechos|más importantes|más destacados|destacados|grandes|nuevos|\
            habituales|mayores|actuales|internacionales",
        include: "son|incluyen|están|se encuentran|figuran|destacan|se cuentan|contamos con|tenemos a|\
            podemos citar a|hay|incluye|son empresas como",
        introductions: "confían en nosotros|han confiado en nosotros|ya confían en nosotros|\
            nuestra cartera de clientes incluye|nuestra cartera incluye",
        work_with: "trabajamos con|trabajamos para|hemos trabajado con|hemos trabajado para|colaboramos con|\
            suministramos a|damos servicio a|atendemos a|abastecemos a",
        works_with: "trabaja con|trabaja para|ha trabajado con|ha trabajado para|suministra a|da servicio a|\
            colabora con",
        companies: "empresas|clientes|marcas|organizaciones|compañías|instituciones|firmas|cadenas|grupos",
        such_as: "como|tales como|entre ellos|entre ellas|entre los que están|entre las que están",
        aside: "entre otros|entre otras|por ejemplo",
        are_customers: "confían en nosotros|ya confían en nosotros|son clientes nuestros|son nuestros clientes|\
            están entre nuestros clientes|figuran entre nuestros clientes|se encuentran entre nuestros clientes|\
            forman parte de nuestros clientes|han confiado en nosotros|trabajan con nosotros",
        announcements: "confían en nosotros|han confiado en nosotros|ya confían en nosotros|\
            quién confía en nosotros|quiénes confían en nosotros|empresas que confían en nosotros|\
            clientes que confían en nosotros|clientes|clientes destacados|cartera de clientes|\
            quién trabaja con nosotros",
        stories: "caso de éxito|caso práctico|historia de éxito|caso de cliente",
        praise: "testimonios|testimonio|opiniones|opiniones de clientes|opiniones de nuestros clientes|\
            qué dicen nuestros clientes|lo que dicen nuestros clientes|dicen de nosotros|\
            la opinión de nuestros clientes|nuestros clientes opinan|nuestros clientes hablan",
        others: "inversores|inversor|consejo|equipo|prensa|empleo|trabaja con nosotros|socios|socio|noticias",
        heads: "director general|directora general|fundador|fundadora|cofundador|cofundadora|dueño|dueña|\
            propietario|propietaria|gerente|presidente|presidenta|consejero delegado|consejera delegada|\
            socio director|socia directora|titular|administrador|administradora",
        roles: "jefe|jefa|director|directora|responsable|encargado|encargada|coordinador|coordinadora|comprador|\
            compradora|ingeniero|ingeniera|técnico|técnica|contable|administrativo|administrativa|supervisor|\
            supervisora|planificador|planificadora|chef|bodeguero|enólogo|enóloga|gestor|gestora",
        at: "@",
        inside: "en|en la|en el|de|del|de la|de los|de las",
        of: "de|del|de la|de los|de las",
        says: "dice|afirma|explica|cuenta|comenta|señala|asegura|añade",
        departments: "ventas|compras|producción|logística|operaciones|calidad|mantenimiento|finanzas|administración|\
            recursos humanos|informática|marketing|comunicación|almacén|obra|explotación|contabilidad",
        no_names: "empresas|clientes|más|otros|otras|todos|ver|leer|contacto|inicio|servicios|sectores|particulares|\
            nuestros|nuestro|opiniones|testimonios|siguiente|anterior|quiénes somos",
        within: "de|del|la|las|los|el|&",
        article: "el|la|los|las",
        we: "nosotros|nuestro|nuestra|nuestros|nuestras|yo|mi|mis|nos",
        and: "y|e|así como|&",
    },
    names: &NameWords {
        forms: "s.l.|s.l.u.|S.L.|S.L|SL|SLU|S.A.U.|s.a.u.|s.a. de c.v.|s. de r.l.",
        placeholders: "inicio|avisolegal|contacto|quienessomos|sobrenosotros|bienvenido|bienvenidos|clientes|\
            noticias|portada",
        sections: "noticias|tienda|ayuda|inicio",
        rights: "todos los derechos|reservados todos los derechos",
        until: "actualidad",
        notes: "aviso legal|política de privacidad",
        imprint: "aviso-legal|avisolegal|aviso_legal",
    },
};
