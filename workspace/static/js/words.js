// Every word the page itself says, in English and in French, in whole sentences.

const WORDS = {
  appName: ["Praxis workspace", "Espace de travail Praxis"],
  localWorkspace: ["Local workspace", "Espace de travail local"],
  skipToMessages: ["Skip to the conversation", "Passer à la conversation"],
  openMenu: ["Open the side bar", "Ouvrir la barre latérale"],
  closeMenu: ["Close the side bar", "Fermer la barre latérale"],
  sideBar: ["Side bar", "Barre latérale"],
  conversation: ["Conversation", "Conversation"],
  actingAs: ["You are acting as", "Vous agissez en tant que"],
  switchPersona: ["Act as somebody else. Now: {name}", "Agir en tant que quelqu’un d’autre. En ce moment : {name}"],
  personas: ["People of this workspace", "Personnes de cet espace de travail"],
  you: ["you", "vous"],
  english: ["English", "Anglais"],
  french: ["French", "Français"],
  "role.organizer": ["Organizer", "Organisation"],
  "role.facilitator": ["Facilitator", "Animation"],
  "role.supervisor": ["Supervisor", "Supervision"],
  "role.practitioner": ["Practitioner", "Pratique"],
  "role.member": ["Member", "Membre"],
  "role.expert": ["Expert", "Expertise"],
  "role.newcomer": ["Newcomer", "Nouvelle personne"],
  home: ["Home", "Accueil"],
  homeOf: ["{bot} Home", "Accueil de {bot}"],
  channels: ["Channels", "Canaux"],
  moreChannels: ["Channels to join", "Canaux à rejoindre"],
  directMessages: ["Direct messages", "Messages directs"],
  unreadCount: [["{n} unread message", "{n} unread messages"], ["{n} message non lu", "{n} messages non lus"]],
  app: ["App", "Appli"],
  members: [["{n} member", "{n} members"], ["{n} membre", "{n} membres"]],
  messageTo: ["Message {name}", "Écrire à {name}"],
  replyTo: ["Reply in the thread", "Répondre dans le fil"],
  send: ["Send", "Envoyer"],
  attach: ["Attach a file", "Joindre un fichier"],
  removeFile: ["Remove {name}", "Retirer {name}"],
  enterHint: ["Enter sends, Shift+Enter starts a new line", "Entrée envoie, Maj+Entrée change de ligne"],
  join: ["Join {name}", "Rejoindre {name}"],
  joinHint: ["You are reading {name} without being a member.", "Vous lisez {name} sans en être membre."],
  leave: ["Leave {name}", "Quitter {name}"],
  thread: ["Thread", "Fil"],
  closeThread: ["Close the thread", "Fermer le fil"],
  replies: [["{n} reply", "{n} replies"], ["{n} réponse", "{n} réponses"]],
  lastReply: ["Last reply {when}", "Dernière réponse {when}"],
  justNow: ["just now", "à l’instant"],
  onlyYou: ["Only visible to you", "Visible par vous uniquement"],
  edited: ["(edited)", "(modifié)"],
  deleted: ["This message was deleted.", "Ce message a été supprimé."],
  showMore: ["Show more", "Afficher la suite"],
  showLess: ["Show less", "Afficher moins"],
  emptyChannel: ["Nothing has been said here yet.", "Rien n’a encore été dit ici."],
  emptyDm: ["This is the start of your conversation with {name}.", "Ici commence votre conversation avec {name}."],
  newMessages: ["New messages", "Nouveaux messages"],
  replyInThread: ["Reply in thread", "Répondre dans un fil"],
  addReaction: ["Add a reaction", "Ajouter une réaction"],
  reactionBy: [["{emoji}, {n} person", "{emoji}, {n} people"], ["{emoji}, {n} personne", "{emoji}, {n} personnes"]],
  moreActions: ["More actions", "Autres actions"],
  messageActions: ["Actions on the message of {name}", "Actions sur le message de {name}"],
  noMessageShortcuts: ["The app offers no message shortcut.", "L’application n’offre aucun raccourci de message."],
  shortcuts: ["Shortcuts", "Raccourcis"],
  noShortcuts: ["The app offers no shortcut.", "L’application n’offre aucun raccourci."],
  commands: ["Commands", "Commandes"],
  suggestions: ["Suggestions", "Suggestions"],
  suggestionCount: [["{n} suggestion", "{n} suggestions"], ["{n} suggestion", "{n} suggestions"]],
  unknownCommand: ["{command} is not a command of this workspace.", "{command} n’est pas une commande de cet espace de travail."],
  commandInThread: ["Commands do not work in a thread. Use them in the conversation.", "Les commandes ne fonctionnent pas dans un fil. Utilisez-les dans la conversation."],
  choose: ["Choose an option", "Choisir une option"],
  searchOptions: ["Type to search", "Tapez pour chercher"],
  noOptions: ["Nothing found.", "Aucun résultat."],
  searching: ["Searching…", "Recherche…"],
  typeMore: [["Type at least {n} character.", "Type at least {n} characters."], ["Tapez au moins {n} caractère.", "Tapez au moins {n} caractères."]],
  remove: ["Remove {name}", "Retirer {name}"],
  optional: ["(optional)", "(facultatif)"],
  required: ["Please fill in this field.", "Veuillez remplir ce champ."],
  tooShort: [["Please enter at least {n} character.", "Please enter at least {n} characters."], ["Veuillez entrer au moins {n} caractère.", "Veuillez entrer au moins {n} caractères."]],
  tooLong: [["Please enter at most {n} character.", "Please enter at most {n} characters."], ["Veuillez entrer au plus {n} caractère.", "Veuillez entrer au plus {n} caractères."]],
  tooMany: [["Choose at most {n}.", "Choose at most {n}."], ["Choisissez-en au plus {n}.", "Choisissez-en au plus {n}."]],
  badEmail: ["Please enter an e-mail address such as name@example.org.", "Veuillez entrer une adresse courriel comme nom@exemple.org."],
  badUrl: ["Please enter an address that begins with https://.", "Veuillez entrer une adresse qui commence par https://."],
  badNumber: ["Please enter a number.", "Veuillez entrer un nombre."],
  wholeNumber: ["Please enter a whole number.", "Veuillez entrer un nombre entier."],
  numberMin: ["Please enter {n} or more.", "Veuillez entrer {n} ou plus."],
  numberMax: ["Please enter {n} or less.", "Veuillez entrer {n} ou moins."],
  charactersLeft: [["{n} character left", "{n} characters left"], ["{n} caractère restant", "{n} caractères restants"]],
  addFiles: ["Choose files", "Choisir des fichiers"],
  fileTooMany: [["Choose at most {n} file.", "Choose at most {n} files."], ["Choisissez au plus {n} fichier.", "Choisissez au plus {n} fichiers."]],
  uploading: ["Uploading…", "Téléversement…"],
  zoneHint: ["Times are in {zone}.", "Heures : {zone}."],
  close: ["Close", "Fermer"],
  back: ["Back", "Retour"],
  cancel: ["Cancel", "Annuler"],
  confirm: ["Yes", "Oui"],
  submit: ["Submit", "Soumettre"],
  working: ["{bot} is working on it…", "{bot} y travaille…"],
  opening: ["Opening…", "Ouverture…"],
  loading: ["Loading…", "Chargement…"],
  fixFields: [["{n} field needs your attention.", "{n} fields need your attention."], ["{n} champ demande votre attention.", "{n} champs demandent votre attention."]],
  noAnswer: [
    "{bot} did not answer within three seconds. Nothing you entered is lost: please try again.",
    "{bot} n’a pas répondu en trois secondes. Rien de ce que vous avez saisi n’est perdu : veuillez réessayer.",
  ],
  noBot: [
    "{bot} is not connected to this workspace. Start it, then try again.",
    "{bot} n’est pas connecté à cet espace de travail. Démarrez-le, puis réessayez.",
  ],
  unreachable: [
    "The workspace cannot be reached. The page reconnects by itself.",
    "L’espace de travail est injoignable. La page se reconnecte d’elle-même.",
  ],
  failed: ["That did not work. {detail}", "Cela n’a pas fonctionné. {detail}"],
  offline: ["Connection lost. Reconnecting…", "Connexion perdue. Reconnexion en cours…"],
  backOnline: ["Connected again. Everything is up to date.", "Connexion rétablie. Tout est à jour."],
  homeEmpty: ["{bot} has not published its Home for you yet.", "{bot} n’a pas encore publié son accueil pour vous."],
  tryAgain: ["Try again", "Réessayer"],
  dismiss: ["Dismiss", "Fermer l’avis"],
  openLink: ["Opens {host} in a new tab", "Ouvre {host} dans un nouvel onglet"],
  outsideImage: ["Image on {host}", "Image sur {host}"],
  image: ["Image", "Image"],
  table: ["Table", "Tableau"],
  unsupported: ["This page cannot show a block of type “{type}”.", "Cette page ne peut pas afficher un bloc de type « {type} »."],
  theWorkspace: ["Workspace", "Espace de travail"],
  commandFailed: [
    "{command} did not work: {bot} did not answer. Please try again.",
    "{command} n’a pas fonctionné : {bot} n’a pas répondu. Veuillez réessayer.",
  ],
  unknownUser: ["Unknown person", "Personne inconnue"],
  unknownChannel: ["unknown channel", "canal inconnu"],
  clock: ["Workspace clock", "Horloge de l’espace de travail"],
  clockOpen: ["Workspace clock: {time}", "Horloge de l’espace de travail : {time}"],
  clockAhead: ["{span} ahead of real time", "{span} d’avance sur l’heure réelle"],
  clockReal: ["In step with real time", "À l’heure réelle"],
  skipNext: ["Skip to the next reminder", "Passer au prochain rappel"],
  nextDue: ["Next reminder: {when}", "Prochain rappel : {when}"],
  noNextDue: [
    "No reminder is planned. Create an event and its reminders appear here.",
    "Aucun rappel n’est prévu. Créez une activité et ses rappels apparaîtront ici.",
  ],
  plusHour: ["+1 hour", "+1 heure"],
  plusDay: ["+1 day", "+1 jour"],
  toDate: ["Move to", "Avancer au"],
  go: ["Go", "Avancer"],
  onlyAhead: ["The clock only moves ahead.", "L’horloge ne fait qu’avancer."],
  clockMoved: ["It is now {when}.", "Nous sommes maintenant le {when}."],
  everyone: ["everyone", "tout-le-monde"],
  channelMention: ["channel", "canal"],
  hereMention: ["here", "ici"],
  today: ["Today", "Aujourd’hui"],
  yesterday: ["Yesterday", "Hier"],
  tomorrow: ["Tomorrow", "Demain"],
  welcome: ["Welcome! Try it out", "Bienvenue! Faites un essai"],
  welcomeWhere: [
    "This is a small Slack on your own machine. Nobody else sees it, and nothing you do here can go wrong.",
    "Voici un petit Slack, sur votre propre ordinateur. Personne d’autre ne le voit, et rien de ce que vous faites ici ne peut mal tourner.",
  ],
  welcomeAsk: [
    "Ask a question, for example “What is the IM Certificate Program?”.",
    "Posez une question, par exemple « Qu’est-ce que le programme de certificat en GI? ».",
  ],
  welcomeAskLink: ["Write to {bot}", "Écrire à {bot}"],
  welcomePlan: [
    "As Olivia, who organizes, create an event with the button below; its card appears in the channel.",
    "En tant qu’Olivia, qui organise, créez une activité avec le bouton ci-dessous; sa fiche paraît dans le canal.",
  ],
  welcomeBecome: [
    "Become somebody else in the side bar, and reply to the event on its card.",
    "Devenez quelqu’un d’autre dans la barre latérale, et répondez à l’activité sur sa fiche.",
  ],
  welcomeClock: [
    "Move the clock ahead, at the top right, and watch the reminders come.",
    "Avancez l’horloge, en haut à droite, et voyez arriver les rappels.",
  ],
  welcomeRead: ["Got it", "C’est compris"],
  saidBy: ["{name}: {text}", "{name} : {text}"],
};

let language = "en";

export const setLanguage = (locale) => {
  language = String(locale || "").toLowerCase().startsWith("fr") ? "fr" : "en";
  document.documentElement.lang = language === "fr" ? "fr-CA" : "en-CA";
};
export const lang = () => language;
export const intlLocale = () => (language === "fr" ? "fr-CA" : "en-CA");

const fill = (text, params) => text.replace(/\{(\w+)\}/g, (whole, name) => (name in params ? String(params[name]) : whole));
const pick = (key) => WORDS[key][language === "fr" ? 1 : 0];

/** The sentence in the persona's language. */
export const t = (key, params = {}) => fill(pick(key), params);

/** The same for a count, in the right plural. */
export function n(key, count, params = {}) {
  const [one, other] = pick(key);
  const rule = new Intl.PluralRules(intlLocale()).select(count);
  return fill(rule === "one" ? one : other, { n: new Intl.NumberFormat(intlLocale()).format(count), ...params });
}

export const has = (key) => key in WORDS;
/** For tests: every key with both texts. */
export const everyWord = () => WORDS;
