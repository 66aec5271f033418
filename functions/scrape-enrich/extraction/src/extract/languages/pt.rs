//! Portuguese.

use super::words::Role::*;
use super::words::{CustomerWords, Labels, NameWords, Streets, Towns, TradeWords, Words};

pub(super) const WORDS: Words = Words {
    code: "pt",
    point: false,
    composes: false,
    roles: &[
        (&[Had], "tinha|contava com|tínhamos|contávamos com"),
        (&[Employed], "empregava|empregávamos"),
        (&[Start], "começou com|iniciou com|arrancou com|nasceu com"),
        (&[We, Start], "começamos com|começámos com|iniciamos com|iniciámos com|arrancámos com|arrancamos com|nascemos com"),
        (&[Which], "que"),
        (&[Figures], "em números|num relance|números-chave|em resumo|factos e números|fatos e números|números"),
        (&[Consist], "é composta por|é composto por|é constituída por"),
        (&[End], "fechou|encerrou|terminou"),
        (&[At, We], "connosco|conosco"),
        (&[Contribute], "contribuiu"),
        (&[We], "nós"),
        (&[We, Be], "somos"),
        (&[We, Have], "temos|contamos com"),
        (&[We, Employ], "empregamos"),
        (&[We, TurnOver], "faturamos|faturámos|facturamos"),
        (&[We, Earn], "alcançamos|obtivemos|registamos|registámos|registramos|gerámos|geramos|atingimos"),
        (&[Our], "nosso|nossa|nossos|nossas|o nosso|a nossa"),
        (&[Company], "a empresa|a companhia|a sociedade"),
        (&[Our, Company], "a nossa empresa|nossa empresa"),
        (&[Of, Company], "da empresa|da companhia"),
        (&[Of, Our, Company], "da nossa empresa|da nossa companhia"),
        (&[Revenue], "faturação|faturamento|volume de negócios|receita|receitas|vendas|receita líquida|vendas líquidas|facturação|receita total|faturamento total"),
        (&[Yearly, Revenue], "faturação anual|faturamento anual|volume de negócios anual|receita anual|vendas anuais|receitas anuais"),
        (&[Quarterly, Revenue], "receita trimestral|faturamento trimestral|faturação trimestral"),
        (&[Monthly, Revenue], "receita mensal|faturamento mensal|faturação mensal"),
        (&[Earn], "obteve|registou|registrou|gerou|teve|realizou|apresentou"),
        (&[TurnOver], "faturou|fatura|facturou"),
        (&[Be], "foi|é|foram|são|foi de|é de|foram de|são de|ascendeu a|atingiu os|chegou a|situou-se em|cifrou-se em"),
        (&[Have], "tem|conta com|possui"),
        (&[Employ], "emprega|dá emprego a"),
        (&[Work], "trabalham|trabalha"),
        (&[Grow], "cresceu|aumentou|subiu|passou|duplicou"),
        (&[GoOn], "cuida|forma|ajuda|aluga|instala|imprime|cultiva|assessora|exporta|fabrica|produz|oferece|vende|desenvolve|opera|fornece|exportamos|fabricamos|oferecemos|vendemos"),
        (&[Staff], "funcionários|funcionárias|colaboradores|colaboradoras|trabalhadores|empregados|colaboradores e colaboradoras|funcionários e funcionárias"),
        (&[People], "pessoas|profissionais|especialistas"),
        (&[Team], "equipa|equipe|time"),
        (&[Firm], "empresa|agência|estúdio|consultora|empresa familiar"),
        (&[HeadCount], "dimensão da empresa|tamanho da empresa|número de funcionários|número de colaboradores|número de trabalhadores|nº de funcionários|nº de colaboradores|total de colaboradores|total de funcionários"),
        (&[OfThem], "deles|delas"),
        (&[Article], "o|a|os|as|um|uma|uns|umas"),
        (&[Of], "de|do|da|dos|das|no valor de"),
        (&[In], "em|no|na|durante"),
        (&[With], "com"),
        (&[At], "distribuídos por|espalhados por"),
        (&[For], "para"),
        (&[And], "e"),
        (&[Between], "entre"),
        (&[Approx], "cerca de|aproximadamente|quase|por volta de|perto de"),
        (&[Over], "mais de"),
        (&[AtLeast], "pelo menos|no mínimo"),
        (&[Under], "menos de"),
        (&[UpTo], "até"),
        (&[Yearly], "anual|anuais|por ano|ao ano|anualmente"),
        (&[Quarterly], "trimestre|trimestral|por trimestre"),
        (&[Monthly], "mensal|mensais|por mês"),
        (&[Ordinal], "primeiro|segundo|terceiro|quarto"),
        (&[YearWord], "ano|o ano|ano de"),
        (&[Fiscal], "exercício|exercício de|ano fiscal|o exercício"),
        (&[Ended], "final de|fim de|finais de"),
        (&[Month], "janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro"),
        (&[LastYear], "no ano passado|o ano passado|no último ano"),
        (&[Now], "hoje|atualmente|actualmente|agora|neste momento|já|também"),
        (&[Praise], "qualificados|dedicados|altamente qualificados|experientes|motivados|apaixonados"),
        (&[Total], "total|um total de|líquida|líquido|no total"),
        (&[Everywhere], "em todo o mundo|no mundo|a nível mundial"),
        (&[Sites], "países|escritórios|lojas|fábricas|cidades|filiais|instalações"),
        (&[Opener], "fundada|fundado|criada|criado|com sede|sediada"),
        (&[Remark], "ano anterior|exercício anterior|consoante|conforme|após|dos quais|das quais|face a|um aumento"),
        (&[Reach], "alcançou|atingiu"),
    ],
    fractions: &[],
    labels: Labels {
        address: "morada|endereço|contactos|contacto|contato|contatos|onde estamos|visite-nos|localização|fale connosco|fale conosco|contacte-nos",
        seat: "sede|sede social|matriz",
        legal: "identificação da empresa|dados da empresa|titular do site|proprietário do site",
        legal_page: "aviso legal|informação legal",
        people: "gerente|administrador|administradora|representante legal|proprietário|proprietária",
        contact_paths: "contato|contactos|onde-estamos",
        legal_paths: "aviso-legal|informacao-legal",
        beside: "nossa|a|o",
    },
    streets: Streets {
        home: "PT",
        words: "rua|r|avenida|av|praça|largo|travessa|estrada|alameda|rotunda|avª|trav|pç|pça|pc|beco|calçada|rodovia|rod|al|urbanização|est|estr",
        first: "",
        endings: "",
        estates: "zona|parque|quinta|lugar|edifício|rodovia|polo|distrito",
        small: "de|do|da|dos|das|e|a|o",
        units: "apartado|caixa|sala|salas|andar|loja|bloco|conjunto|conj|cj|esq|dto|fração|lote|piso|apto|apartamento|escritório|edifício|galpão|r/c|armazém|pavilhão",
        number_signs: "nº|n.º|n.|número|km|km.",
        without_number: "s/n|s/nº",
        number_first: false,
    },
    towns: Towns {
        several_words: true,
        first: "são|santa|santo|vila|nova",
        joins: "de|do|da|dos|das|e",
    },
    scales: &[
        ("mil", 1e3), ("milhares", 1e3), ("milhão", 1e6), ("milhões", 1e6), ("mi", 1e6), ("mio", 1e6), ("m", 1e6), ("bilhão", 1e9), ("bilhões", 1e9), ("bi", 1e9), ("bilião", 1e12), ("biliões", 1e12), ("k", 1e3), ("trilhão", 1e12), ("trilhões", 1e12),
    ],
    numbers: &[
        ("mil", 1_000.0), ("um", 1.0), ("uma", 1.0), ("dois", 2.0), ("duas", 2.0), ("três", 3.0), ("quatro", 4.0), ("cinco", 5.0), ("seis", 6.0), ("sete", 7.0), ("oito", 8.0), ("nove", 9.0), ("dez", 10.0), ("onze", 11.0), ("doze", 12.0), ("treze", 13.0), ("catorze", 14.0), ("quatorze", 14.0), ("quinze", 15.0), ("dezasseis", 16.0), ("dezesseis", 16.0), ("dezassete", 17.0), ("dezessete", 17.0), ("dezoito", 18.0), ("dezanove", 19.0), ("dezenove", 19.0),
        ("vinte", 20.0), ("trinta", 30.0), ("quarenta", 40.0), ("cinquenta", 50.0), ("sessenta", 60.0), ("setenta", 70.0), ("oitenta", 80.0), ("noventa", 90.0), ("cem", 100.0), ("cento", 100.0), ("duzentos", 200.0), ("trezentos", 300.0), ("quatrocentos", 400.0), ("quinhentos", 500.0), ("seiscentos", 600.0), ("setecentos", 700.0), ("oitocentos", 800.0), ("novecentos", 900.0), ("meio", 0.5),
    ],
    joins: "e",
    halves: "meio|meia",
    trade: &TradeWords {
        we_are: "somos",
        is_a: "é uma das|é um dos|é uma|é um|é a|é o|somos uma|somos um|somos a|somos o",
        articles: "uma|um|a|o",
        head_first: true,
        compounds: false,
        businesses: "adega|banco|cervejaria|clínica|colégio|confeitaria|construtora|editora|escola|faculdade|\
            farmácia|floricultura|fundição|gráfica|hospital|hotel|imobiliária|lavanderia|livraria|marcenaria|museu|\
            ótica|padaria|pastelaria|queijaria|restaurante|seguradora|serralharia|tipografia|teatro|transportadora|\
            universidade|vinícola|consultora|consultoria|academia|açougue|adega cooperativa|alfaiataria|armazém|\
            atelier de costura|autoescola|caixilharia|carpintaria|carvoaria|cerâmica|chocolataria|clínica dentária|\
            clínica veterinária|companhia aérea|conserveira|cordoaria|corticeira|cutelaria|curtumes|destilaria|\
            discoteca|drogaria|escola de condução|escola de música|escritório de advogados|estaleiro|\
            estaleiro naval|fiação|florista|fábrica de conservas|funerária|galeria|gasolineira|geladaria|sorveteria|\
            granja|hospedaria|joalharia|joalheria|lagar|latoaria|lavandaria|leitaria|livreiro|moagem|moinho|\
            mercearia|metalúrgica|ourivesaria|olaria|panificadora|papelaria|pedreira|peixaria|pousada|prataria|\
            quinta|relojoaria|residência|restauradora|sapataria|serração|serralheria|siderurgia|siderúrgica|talho|\
            tanoaria|tecelagem|tinturaria|torrefação|torrefadora|torrefator|vacaria|vidraria|viveiro|zoológico|\
            agência imobiliária|agência de viagens|contabilista|oficina de automóveis|creche|lar de idosos|\
            eletricista|canalizador|encanador|padeiro|carpinteiro|serralheiro|ferraria|estofador|marmoraria|\
            saboaria|salsicharia|frigorífico|usina|gabinete de arquitetura|gabinete de contabilidade",
        makers: "agência|associação|cadeia|companhia|cooperativa|desenvolvedora|distribuidor|distribuidora|empresa|\
            escritório|especialista|estúdio|fabricante|fábrica|firma|fornecedor|fornecedora|gabinete|grupo|\
            importador|importadora|indústria|instituto|laboratório|loja|marca|oficina|operador|operadora|plataforma|\
            produtor|produtora|rede|sociedade|startup|ateliê|centro|armador|artesão|comerciante|comercializadora|\
            concessionária|construtor|distribuidores|editor|empreiteiro|exportador|exportadora|fabricantes|fábricas|\
            grossista|instalador|instaladora|manufatura|produtores|retalhista|revendedor|transformadora|varejista|\
            vendedor|atacadista",
        makers_of: "",
        of: "de|do|da|dos|das|em|para|especializada em|especializado em|dedicada a",
        ends: "que|com|desde|fundada|fundado|localizada|localizado|sediada|por|onde|é|são|situada|situado|cuja|cujo|\
            líder|no|na",
        and: "e|ou|&",
        praise: "",
        participles: "",
        labels: "setor|sector|setor de atividade|sector de atividade|atividade|atividade principal|ramo|ramo de atividade|área de atividade",
        no_titles: "como|porquê|quando|qual|seu|nosso|nossa|dicas|preço|preços|contacto|contato|guia|melhor|melhores",
        elisions: "",
        fields: "imobiliária|tecnológica|informática|química|farmacêutica|têxtil|publicitária|digital|agrícola|\
            logística|industrial|energética|contábil|veterinária|dentária|alimentar|aeronáutica|aeroespacial|\
            agroalimentar|audiovisual|automóvel|bancária|cerâmica|conserveira|corticeira|cosmética|editorial|\
            elétrica|eletrónica|eletrônica|ferroviária|financeira|florestal|funerária|gráfica|hoteleira|láctea|\
            madeireira|marítima|mecânica|médica|metalúrgica|metalomecânica|mineira|naval|ótica|papeleira|pesqueira|\
            petrolífera|plástica|postal|sanitária|siderúrgica|turística|vidreira|vinícola|vitivinícola|de software|\
            contabilística|transporte|transportes|mudanças|móveis|conservas|construções|hotéis|supermercados|\
            laboratórios|têxteis|vinhos|moinhos|cerâmicas|plásticos|madeiras|limpezas|viagens|seguros|tintas|\
            calçados|caves|cafés",
        vague: "qualidade|confiança|referência|capital",
        skipped: "os|as|o|a",
        genitives: "de|do|da|dos|das",
        named: "universidade",
        activities: "",
        people: "",
        services: "",
        sectors: "",
    },
    customers: &CustomerWords {
        our: "os nossos|nossos|alguns|alguns dos nossos|alguns de nossos|entre os nossos|entre nossos|as nossas|\
            muitos dos nossos",
        customers: "clientes|clientes e referências|referências",
        adjectives: "principais|fiéis|satisfeitos|mais importantes|maiores|grandes|novos|habituais|atuais|\
            internacionais",
        include: "são|incluem|estão|encontram-se|figuram|contam-se|destacam-se|temos|se encontram|se destacam|\
            contamos com|podemos citar|há|são empresas como",
        introductions: "confiam em nós|já confiam em nós|confiam na nossa empresa|\
            a nossa carteira de clientes inclui|nossa carteira de clientes inclui",
        work_with: "trabalhamos com|trabalhamos para|já trabalhamos com|já trabalhámos com|já trabalhámos para|\
            já trabalhamos para|colaboramos com|fornecemos|servimos|atendemos",
        works_with: "trabalha com|trabalha para|já trabalhou com|trabalhou com|fornece|atende|serve",
        companies: "empresas|clientes|marcas|organizações|instituições|entidades|grupos|companhias|cadeias|redes",
        such_as: "como|tais como|entre os quais|entre as quais|como por exemplo",
        aside: "entre outros|entre outras|por exemplo|nomeadamente",
        are_customers: "confiam em nós|já confiam em nós|são nossos clientes|são clientes nossos|\
            estão entre os nossos clientes|estão entre nossos clientes|figuram entre os nossos clientes|\
            fazem parte dos nossos clientes|trabalham connosco|trabalham conosco",
        announcements: "confiam em nós|já confiam em nós|quem confia em nós|empresas que confiam em nós|\
            clientes que confiam em nós|clientes|carteira de clientes|quem trabalha connosco|quem já confia em nós",
        stories: "caso de sucesso|estudo de caso|história de sucesso|caso de cliente",
        praise: "depoimentos|depoimento|testemunhos|testemunho|opiniões|opiniões de clientes|\
            o que dizem os nossos clientes|o que dizem nossos clientes|o que dizem os clientes|\
            avaliações de clientes|quem usa recomenda|falam de nós",
        others: "investidores|investidor|conselho|equipa|equipe|imprensa|carreiras|trabalhe connosco|\
            trabalhe conosco|parceiros|parceiro|notícias",
        heads: "sócio|sócia|sócio-gerente|sócia-gerente|fundador|fundadora|cofundador|cofundadora|proprietário|\
            proprietária|dono|dona|diretor-geral|diretora-geral|diretor geral|diretora geral|presidente|\
            administrador|administradora|gerente",
        roles: "diretor|diretora|responsável|chefe|coordenador|coordenadora|comprador|compradora|engenheiro|\
            engenheira|técnico|técnica|contabilista|contador|contadora|supervisor|supervisora|encarregado|\
            encarregada|gestor|gestora|planeador|planejador|enólogo|enóloga|secretário|secretária",
        at: "@",
        inside: "na|no|em|de|da|do|das|dos",
        of: "de|da|do|das|dos",
        says: "diz|conta|afirma|explica|comenta|garante|refere|acrescenta",
        departments: "vendas|compras|produção|logística|operações|qualidade|manutenção|finanças|administração|\
            recursos humanos|informática|marketing|comunicação|armazém|contabilidade|comercial|obra",
        no_names: "empresas|clientes|mais|outros|outras|todos|ver|ler|saiba mais|contacto|contato|início|serviços|\
            setores|sectores|particulares|nossos|nosso|depoimentos|testemunhos|opiniões|seguinte|anterior|quem somos",
        within: "de|do|da|dos|das|&",
        article: "o|a|os|as",
        we: "nós|nosso|nossa|nossos|nossas|eu|meu|minha",
        and: "e|bem como|assim como|&",
    },
    names: &NameWords {
        forms: "lda.|lda|ltda.|ltda|Lda|S.A.|unipessoal lda|unipessoal, lda.|unipessoal lda.",
        placeholders: "início|quemsomos|contactos|contacto|contato|avisolegal|bemvindo|clientes|sobrenos|noticias",
        sections: "notícias|loja|ajuda",
        rights: "todos os direitos",
        until: "hoje|presente",
        notes: "aviso legal|política de privacidade",
        imprint: "aviso-legal|informacao-legal",
    },
};
