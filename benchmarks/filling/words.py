"""What customers and Agents write, in several languages, and what customers are called.

Each sentence may name a thing, a number and a day.
"""

from typing import NamedTuple

# Words that searches look for, each in one of so many texts.
COMMON, COMMON_EVERY = "tomorrow", 9
RARE, RARE_EVERY = "xylophone", 150_000
EMOJIS = ("👍", "❤️", "😄", "🙏", "🎉")


class Language(NamedTuple):
    """``phone``: the beginning of a mobile number, to which eight digits are added."""

    code: str
    phone: str
    first_names: str
    surnames: str
    things: str
    days: str
    customer: tuple
    agent: tuple


SPANISH = Language(
    "es",
    "+346",
    "Ana Bruno Carla Dario Elena Íñigo Lucía Mateo Nuria Óscar Rocío Santiago",
    "García Martínez López Sánchez Pérez Romero Navarro Torres Ibáñez Núñez Vidal",
    "bicicleta casco candado sillín cesta rueda batería cadena portabebés timbre",
    "lunes martes miércoles jueves viernes sábado",
    (
        "Hola, ¿tenéis todavía la {thing} azul?",
        "Buenos días, pregunto por el pedido {number}.",
        "¿Cuánto cuesta cambiar la {thing}?",
        "¿Puedo pasar el {day} por la tarde?",
        "Gracias, muy amable 😊",
        "No me ha llegado la factura {number}, ¿me la mandáis otra vez?",
        "Perfecto, nos vemos el {day}.",
        "Os mando una foto de la {thing} cuando llegue a casa.",
        "¿El envío a Canarias está incluido en los {number} euros?",
        "Vale",
    ),
    (
        "¡Hola! Sí, la {thing} está disponible en la talla M.",
        "Su pedido {number} sale el {day} del almacén.",
        "La reparación cuesta {number} euros con mano de obra.",
        "Se lo confirmo en cuanto hable con el taller.",
        "¿Le viene bien el {day} a las diez?",
        "Le adjunto el presupuesto {number}. Cualquier duda, aquí estamos.",
        "Gracias a usted, ¡hasta pronto!",
    ),
)
ENGLISH = Language(
    "en",
    "+4474",
    "Alice Hannah Oliver Amanda Daniel Grace Ryan Joanna Megan Ethan Isla Duncan",
    "Smith Campbell Evans Franklin Hughes Jordan Knight Lancaster Morgan Quinn Stanton",
    "bike helmet lock saddle basket wheel battery chain tandem trailer",
    "Monday Tuesday Wednesday Thursday Friday Saturday",
    (
        "Hi, do you still have the blue {thing}?",
        "Any news about order {number}?",
        "How much is a new {thing}, and by when could you have it?",
        "Could I collect it on {day} after six?",
        "Thanks a lot, that's great!",
        "The {thing} that I got doesn't fit, can I send it back?",
        "My address has changed: 14 Garden Street, flat {number}.",
        "I'd like to book a service for two bikes on {day}, please.",
        "Is the delivery included in the {number} pounds?",
        "ok",
    ),
    (
        "Hello! Yes, we have the {thing} in stock in two colours.",
        "Order {number} leaves our warehouse on {day}.",
        "The repair comes to {number}, parts and labour included.",
        "I'll ask the workshop and come back to you.",
        "Would {day} at ten suit you?",
        "Here is the offer {number}. Tell me if anything is unclear.",
        "You're welcome, see you soon!",
        "Please bring the {thing} and the invoice, then we can exchange it at once.",
    ),
)
FRENCH = Language(
    "fr",
    "+336",
    "Antoine Manon Chloé Jean Léa Nathan Océane Romane Théo Hélène André Anaïs",
    "Martin Bernard Dubois Lefèvre Moreau Fontaine Garnier Blanchard Rolland François",
    "selle roue batterie serrure sacoche chaîne remorque sonnette lampe béquille",
    "lundi mardi mercredi jeudi vendredi samedi",
    (
        "Bonjour, est-ce que la {thing} bleue est encore disponible ?",
        "Je vous écris au sujet de la commande {number}.",
        "Combien coûte le remplacement de la {thing} ?",
        "Je peux passer {day} en fin d'après-midi ?",
        "Merci beaucoup, c'est parfait !",
        "Je n'ai toujours pas reçu la facture {number}.",
        "D'accord, à {day} alors.",
        "Vous livrez aussi à Besançon ? Il y a {number} marches 😅",
    ),
    (
        "Bonjour ! Oui, il nous reste une {thing} en taille M.",
        "Votre commande {number} part {day} de l'entrepôt.",
        "La réparation revient à {number} euros, pièces comprises.",
        "Je demande à l'atelier et je reviens vers vous.",
        "Est-ce que {day} à dix heures vous conviendrait ?",
        "Avec plaisir, bonne journée !",
    ),
)
GERMAN = Language(
    "de",
    "+49151",
    "Anna Johannes Greta Jan Hannah Felix Jürgen Mandy Frank Stefanie Björn Andreas",
    "Müller Schmidt Hoffmann Lange Krüger Hartmann Neumann Zimmermann Brandt Franke",
    "Sattel Helm Korb Akku Anhänger Lenker Ständer Gepäckträger Rahmen Schlauch",
    "Montag Dienstag Mittwoch Donnerstag Freitag Samstag",
    (
        "Hallo, ist der blaue {thing} noch da?",
        "Gibt es schon etwas Neues zur Bestellung {number}?",
        "Was kostet ein neuer {thing} mit Einbau?",
        "Könnte ich am {day} nach 18 Uhr vorbeikommen?",
        "Vielen Dank, das passt!",
        "Der {thing} ist leider zu groß. Kann ich ihn umtauschen?",
        "Ich überweise die {number} Euro heute noch.",
        "Schicken Sie es bitte an die Hauptstraße {number}, Hinterhaus.",
    ),
    (
        "Guten Tag! Ja, der {thing} ist vorrätig.",
        "Die Bestellung {number} geht am {day} raus.",
        "Die Reparatur kostet {number} Euro inklusive Material.",
        "Ich frage in der Werkstatt nach und melde mich.",
        "Passt Ihnen {day} um zehn?",
        "Gern geschehen, bis bald!",
    ),
)
PORTUGUESE = Language(
    "pt",
    "+3519",
    "Ana João Mariana Tiago Inês Gonçalo Luana Renato Conceição Fernando Simão Joana",
    "Silva Santos Ferreira Fernandes Andrade Brandão Guimarães Miranda Magalhães",
    "bicicleta roda bateria corrente campainha cesta luz bomba cadeirinha mala",
    "segunda terça quarta quinta sexta",
    (
        "Olá, ainda têm a {thing} azul?",
        "Bom dia, queria saber da encomenda {number}.",
        "Quanto custa trocar a {thing}?",
        "Posso passar na {day} ao fim da tarde?",
        "Obrigada, ficou ótimo!",
        "Não recebi a fatura {number}, podem enviar de novo?",
    ),
    (
        "Olá! Sim, a {thing} está disponível.",
        "A encomenda {number} sai na {day}.",
        "A reparação fica em {number} euros com peças.",
        "Vou perguntar à oficina e já lhe digo.",
        "De nada, até breve!",
    ),
)
LANGUAGES = (SPANISH, ENGLISH, FRENCH, GERMAN, PORTUGUESE)
NOTES = (
    "Called back, wants the {thing} in black. Offer {number} is out.",
    "Ask the workshop about the {thing} before {day}!",
    "Had trouble with order {number} last year, be generous.",
    "Waiting for the supplier, {day} at the earliest.",
)
STOP = "STOP"
