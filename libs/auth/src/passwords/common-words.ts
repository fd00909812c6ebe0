/**
 * The words that well-known passwords are made of: first names, teams, animals, cars, films, swear words, keyboards. Written
 * by hand from what is generally known of leaked passwords; it is no copy of a breach list, and not a complete one.
 */
export const COMMON_WORDS: readonly string[] = `
password passwort passwords passphrase motdepasse contrasena contraseña senha wachtwoord parola haslo welcome welcome willkommen bienvenue
letmein iloveyou iloveu loveyou ilovehim ilovegod iloveme lovely loveme lover lovers lovelove login logmein admin administrator adminadmin root rootroot toor
master mastermind access default changeme change secret secrets testing testtest test guest user username temp temporary public system oracle server
internet computer computers security website network windows microsoft google facebook youtube twitter linkedin myspace hotmail yahoo instagram whatsapp
samsung nokia motorola sony ericsson apple iphone android nintendo playstation xbox gamecube gameboy pokemon pikachu charizard minecraft fortnite
football baseball basketball softball volleyball hockey soccer futbol cricket tennis golfer golfing golf rugby bowling boxing wrestling skating skateboard
swimming fishing hunting hunter running runner racing racer cycling dancing dancer cheerleader coach player players champion champions winner winners
sunshine rainbow moonlight starlight starstar daylight midnight thunder lightning storm tornado hurricane blizzard snowball snowflake snowman
princess prince queen king kingdom knight castle dragon dragons dragonfly unicorn phoenix griffin wizard merlin gandalf magic magical angel angels angela
superman batman spiderman ironman wolverine hulk captain america avenger robin joker catwoman wonderwoman daredevil punisher deadpool starwars
startrek skywalker anakin vader darthvader yoda chewbacca jedi millennium falcon enterprise voyager spock picard matrix neo trinity terminator
predator alien aliens jurassic godzilla rocky rambo bond jamesbond casino casablanca titanic hobbit frodo aragorn legolas samwise sauron mordor
harrypotter hogwarts hermione dumbledore simpsons bartman homer southpark cartman kenny spongebob patrick squarepants scooby scoobydoo garfield
snoopy mickey mickeymouse minnie donald goofy pluto bambi dumbo tigger eeyore winnie winniethepooh tinkerbell cinderella snowwhite barbie
monkey tiger tigers lion lions panther panthers leopard jaguar cougar cheetah bear bears wolf wolves fox eagle eagles hawk hawks raven ravens
falcons cardinal cardinals bluejay penguin penguins dolphin dolphins shark sharks whale turtle rabbit bunny kitty kitten kittens puppy puppies
doggie doggy doggies bulldog bulldogs pitbull rottweiler labrador poodle beagle shepherd husky horse horses pony ponies stallion bronco broncos
mustang mustangs cowboy cowboys cowgirl buffalo bison rhino elephant giraffe zebra gorilla chicken rooster turkey duck ducks lizard snake snakes
python cobra viper spider scorpion butterfly ladybug bumblebee honeybee hornet hornets hummingbird mosquito goldfish catfish swordfish
ferrari porsche mercedes corvette camaro chevrolet chevy chevelle pontiac firebird cadillac lincoln toyota honda nissan subaru mazda suzuki yamaha
kawasaki harley davidson ducati triumph bmw audi volkswagen volvo renault peugeot jaguars lamborghini maserati bugatti mclaren lotus impala
liverpool chelsea arsenal manchester united everton tottenham barcelona realmadrid madrid juventus milan inter roma bayern dortmund schalke celtic
rangers ajax feyenoord galatasaray fenerbahce besiktas yankees redsox mets dodgers giants cubs braves marlins phillies pirates steelers packers
patriots raiders chargers seahawks saints vikings redskins chiefs titans texans broncos lakers celtics bulls knicks heat magic rockets spurs
michael jennifer jessica michelle charlie thomas jordan hannah matthew daniel andrew joshua anthony william robert nicholas nicole ashley amanda
samantha elizabeth stephanie christopher jonathan alexander alexandra alexandre alexis benjamin brandon brittany natasha natalie nathan
victoria veronica vanessa valerie valentina sebastian sandra samuel russell richard raymond rebecca rachel phillip philip peter patricia olivia
oliver melissa megan martin marie maria mario marina margaret madison madeline lauren laura kristen kristina kimberly kevin katherine kathleen
katrina karina justin julian julia joseph john johnny johnson jasmine jason isabella isabelle heather harrison gregory gabriel gabrielle
frederick francis francesco florence ethan eric emily edward dominic dennis denise deborah david danielle cynthia courtney claudia christine christina
christian chris cheyenne chelsea charlotte charles catherine caroline carolina cameron brooklyn bradley bonnie beatrice barbara austin arthur antonio
anderson amber alejandro alejandra albert adrian abigail aaron zachary xavier tyler trevor travis timothy tiffany theresa terrance tamara sylvia
steven stephen stewart spencer sophie sierra sharon shannon scott sarah sabrina ryan roland roger rodriguez robinson roberto ricardo preston
pamela monica mitchell miranda mercedes mauricio maurice marshall marlboro marcus manuel malcolm lorenzo leonardo leonard lawrence kenneth jeremy
jeffrey jackson jackie isaac hernandez hector harvey gustavo gonzalez giovanni geraldine gerald george fernando fernandez evelyn eugene esmeralda
eduardo douglas diana diamond diablo derek cristina cristian connor clinton clarence carlos calvin bernard beverly armando angelina angelica andreas andrea
alberto adriana mohammed muhammad mohamed ahmed fatima abdullah ibrahim mustafa hassan hussain krishna ganesh shiva ananda patel sharma kumar singh
cookie cookies chocolate vanilla strawberry blueberry raspberry cherry cherries banana bananas orange oranges apples mango peaches peanut
peanuts butter pepper ginger cinnamon coffee espresso whiskey vodka tequila bacardi heineken budweiser corona guinness pizza burger cheese
bacon pancake popcorn candy sweet sweetie sweety sweetheart sugar honey cupcake muffin brownie pumpkin pickle pickles potato tomato
summer winter autumn spring january february march april june july august september october november december monday tuesday wednesday thursday friday
saturday sunday christmas easter halloween valentine birthday holiday vacation weekend morning evening midnight forever together
purple yellow green silver golden black white orange crimson scarlet violet indigo blue bluesky redrose redred greenday blackcat blackjack whitewolf
london paris berlin england scotland ireland germany france france italia italy spain espana mexico brazil brasil canada australia america russia
china japan india texas california florida newyork boston chicago dallas denver houston phoenix seattle detroit atlanta miami vegas lasvegas
jesus jesuschrist christ god godisgood godislove heaven hell faith hope blessed blessing church bible jehovah satan devil demon lucifer hallelujah amen
freedom liberty justice peace peaceful happy happiness friend friends friendship bestfriend family mother father mommy daddy brother brothers sister
sisters babygirl babyboy babygurl babydoll beautiful beauty gorgeous pretty handsome sexy sexygirl sexylady sexything playboy playgirl hotstuff hottie
fuckyou fuckme fuckoff fucking fucker motherfucker asshole asshole bitch bitches bullshit dickhead pussy pussycat penis vagina boobs bigdick blowjob
cocksucker cumshot porno pornstar pornography hardcore lesbian orgasm threesome whore bastard cunt wanker
metallica nirvana slipknot linkinpark linkin eminem tupac rihanna beyonce beatles elvis presley madonna michaeljackson bobmarley marley ironmaiden
acdc gunsnroses rammstein coldplay greenday blink rolling stones pinkfloyd ledzeppelin zeppelin guitar guitarist drummer drums piano music musica musical
nothing something anything everything everyone nobody whatever whatsup whoknows whocares idontknow idontcare remember remember forget forgetit
please thankyou hello hellohello hellokitty goodbye goodluck goodday goodtimes bonjour buenos amigos amigo amor teamo mivida corazon princesa hermosa
trustno trustnoone nopass nopassword mypassword mypass thepassword yourpassword newpassword oldpassword passpass passw passwd pass mustangs
warcraft worldofwarcraft starcraft counterstrike halflife callofduty battlefield assassin assassins ninja ninjas samurai sniper soldier soldiers warrior
warriors gladiator spartan spartans trojan trojans pirate captain admiral general marine marines army airforce navy police firefighter fireman
rockstar superstar allstar allstars hotrod speedy turbo power powers powerful strong stronger ranger bigdaddy bigboss bigdog bigred bigbang boomer
buster butthead beavis bubba bubbles buddy buddyboy budlight bobby bonehead booboo boogie brooklyn bigman lucky luckydog luckyone charm genius einstein
newton galileo picasso mozart beethoven shakespeare napoleon caesar cleopatra alexander socrates plato aristotle hercules zeus apollo athena
poseidon achilles odyssey olympus mercury venus jupiter saturn neptune uranus pluto galaxy universe cosmos planet rocket spaceman astronaut shuttle
creative digital electric electronic engineer engineering doctor lawyer teacher student school college university business money dollar dollars
million millionaire billion success successful target trading market markets finance account bankbank manager service services support helpdesk
sunflower flower flowers roses daisy lily tulip orchid jasmine garden forest mountain mountains river ocean beach island paradise waterfall
waterloo water fireball firefly firefox fire fuego inferno blaze icecream iceman icecube snow crystal crystals diamonds emerald sapphire ruby
pearl pearls jewel jewels treasure trouble troubles danger dangerous poison killer killers murder zombie zombies vampire vampires werewolf monster
monsters ghost ghosts ghostrider phantom shadow shadows darkness darkside darkstar nightmare nightwish mystery mystical mistress maverick stingray
qwerty qwertz azerty asdf asdfgh zxcvbn dvorak keyboard aaaaaa abcabc abcdef abcd blabla blahblah lalala hahaha hehehe xxxxxx nexus crm
alabama alaska arizona arkansas colorado connecticut delaware georgia hawaii idaho illinois indiana iowa kansas kentucky louisiana maine maryland massachusetts
michigan minnesota mississippi missouri montana nebraska nevada newhampshire newjersey newmexico northcarolina northdakota ohio oklahoma oregon pennsylvania
rhodeisland southcarolina southdakota tennessee utah vermont virginia washington westvirginia wisconsin wyoming hollywood manhattan broadway brighton cambridge
oxford savannah charleston memphis nashville orlando portland sacramento sandiego sanfrancisco losangeles philadelphia pittsburgh baltimore cleveland columbus
argentina austria belgium bolivia bulgaria cambodia cameroon colombia costarica croatia denmark ecuador egypt ethiopia finland greece holland hungary iceland
indonesia iran iraq israel jamaica kenya korea lebanon malaysia morocco nepal netherlands newzealand nicaragua nigeria norway pakistan panama paraguay peru
philippines poland portugal romania singapore slovakia slovenia southafrica sweden switzerland taiwan thailand tunisia ukraine uruguay venezuela vietnam zimbabwe
sydney melbourne toronto montreal vancouver moscow stockholm amsterdam brussels budapest dublin edinburgh glasgow istanbul jerusalem lisbon munich hamburg
frankfurt cologne vienna warsaw zurich geneva prague athens beijing shanghai hongkong bangkok manila jakarta karachi lahore mumbai delhi calcutta bombay tokyo
american canadian mexican brazilian italian spanish german french english british irish scottish japanese chinese korean russian swedish norwegian polish indian
alberta bulls buckeye buckeyes wildcat wildcats wolfpack wolverines seminole seminoles longhorn longhorns tarheel tarheels gators sooners huskers cornhuskers
bluedevils hoosiers jayhawks badgers hawkeyes spartans crimson rolltide redwings redwing blackhawks bruins canadiens flyers penguins maple sharks predators avalanche
diamondbacks rockies mariners athletics angels padres nationals orioles bluejays twins royals tigers indians whitesox astros rangers cavaliers cavalier pistons
pacers hornets wizards nuggets jazz clippers warriors timberwolves grizzlies raptors bucks sixers nets blazers trailblazers lacrosse marathon snowboard surfing
surfer skiing skier climbing karate judo kungfu taekwondo badminton pingpong archery gymnastics triathlon wrestler athlete referee trainer quarterback touchdown
homerun slamdunk westham newcastle sunderland astonvilla villa wolves leeds sheffield nottingham portsmouth southampton blackburn leicester benfica sporting valencia
sevilla atletico fiorentina lazio napoli marseille lyon flamengo corinthians palmeiras santos gremio boca riverplate cruzeiro vasco botafogo
cocacola coke pepsi sprite fanta drpepper redbull snickers twix skittles nestle cadbury kitkat oreo mcdonalds burgerking starbucks marlboro camel winston
newport adidas nike reebok puma converse gucci prada chanel versace armani rolex compaq dell toshiba lenovo packard hewlett presario pavilion inspiron thinkpad
logitech microsoft motorola panasonic philips siemens canon nikon pentium intel cisco linux ubuntu debian redhat solaris unix oracle mysql database program
programmer developer hacker hackers hacking cracker internet explorer netscape mozilla chrome opera safari gateway ethernet wireless modem router monitor printer
keypad cyber cyberpunk laptop desktop notebook tablet standard default super ultimate platinum premium express direct online offline download upload freeware
software hardware network networks website webmaster hosting domain
boeing airbus cessna spitfire mustang tomcat blackbird airplane airborne airwolf apache comanche cherokee helicopter submarine battleship destroyer frigate
infantry cavalry artillery ranger rangers sergeant lieutenant colonel commando commander semperfi devildog leatherneck veteran veterans soldier marksman
shotgun rifle remington winchester smithwesson beretta magnum bullet bullets hellfire wrangler cherokee jeep silverado sierra explorer expedition
navigator escalade tahoe suburban tacoma tundra sequoia highlander prelude integra accord civic altima maxima sentra skyline supra celica corolla eclipse
galant lancer evolution outback forester impreza legacy transam fiero cutlass oldsmobile plymouth barracuda charger challenger viper dakota durango
intrepid stratus galaxie thunderbird fairlane falcon cougar sable taurus mariner escort fiesta focus mondeo scorpio sterling bentley rollsroyce astonmartin
landrover discovery defender freelander fender gibson stratocaster telecaster lespaul ibanez marshall trombone trumpet saxophone clarinet violin cello banjo
harmonica keyboard orchestra symphony melody harmony rhythm concert festival karaoke singer singing musician musicman rockandroll rocknroll hiphop reggae country
bluegrass techno trance dubstep punkrock heavymetal deathmetal blackmetal pearljam soundgarden aliceinchains nirvana foofighters radiohead oasis blur
u2bono vanhalen aerosmith journey foreigner styx rush genesis yesterday queen deeppurple blacksabbath judaspriest megadeth anthrax slayer pantera sepultura korn
limpbizkit deftones incubus tool system disturbed godsmack staind creed nickelback evanescence paramore fallout mychemical greenday offspring sublime
ramones sexpistols theclash misfits rancid nofx pennywise bluesbrothers jimihendrix hendrix janisjoplin ledzep thedoors doors grateful gratefuldead
phish dylan springsteen thuglife wutang notorious snoopdogg drdre kanye jayz usher beyonce shakira ladygaga justinbieber onedirection britney spears
backstreet nsync spicegirls bobafett hansolo princessleia chewie obiwan stormtrooper jarjar mandalorian stargate babylon battlestar galactica firefly serenity
buffy xfiles mulder scully twilight zone thundercats transformers optimus megatron voltron robotech gundam dragonball naruto sasuke pikachu bleach evangelion
sailormoon goku vegeta zelda mario luigi yoshi sonic megaman metroid kirby donkeykong tetris pacman lara croft tombraider residentevil finalfantasy cloud
sephiroth diablo baldur gate dungeon dungeons morrowind oblivion skyrim witcher halo quake doom unreal tournament counter strike sherlock holmes watson hannibal
lecter scarface godfather corleone goodfellas braveheart gladiator excalibur lancelot camelot robinhood peterpan popeye betty betty boop yogi bear
flintstone jetsons bugsbunny daffyduck tweety sylvester roadrunner coyote poohbear piglet roo kermit misspiggy muppets elmo bigbird cookiemonster
superfly shaft austinpowers drevil minime beetlejuice edward scissorhands nightcrawler catdog dogcat raistlin dragonlance drizzt forgotten realms lestat
mongoose armadillo aardvark alligator crocodile chameleon iguana gecko dinosaur tyrannosaurus raptor velociraptor mammoth hamster guinea ferret weasel otter
beaver badger raccoon skunk squirrel chipmunk hedgehog porcupine kangaroo koala wombat platypus dingo antelope gazelle caribou moose reindeer bluebird
blackbird redbird cardinal canary parakeet cockatoo macaw seagull pelican flamingo ostrich peacock pheasant partridge pigeon sparrow swallow nightingale
blackdog bluedog reddog bigcat fatcat coolcat tomcat wildcat wildbill billybob bobby bubba jimbob joejoe fredfred lovelove sexsex bigdog bigfoot sasquatch
yeti nessie bigmouth bigmac bigmoney bigtime bigones bigboobs bigtits bigcock bigballs bigbutt nipples nipple titties tits panties stockings stocking lingerie
bikini thong creampie spanking bondage dominatrix mistress fetish swinger swingers hooker stripper escort naughty horny kinky erotic erotica sensual
seduction orgy blondes brunette redhead lesbians gangbang deepthroat masturbate masturbation clitoris testicle bollocks shithead dipshit dumbass jackass smartass
badass fatass asswipe fuckface fuckhead fuckall fuckthis fuckthat fuckoff suckit suckmy suckme eatme eatshit lickme biteme kissme kissmyass holdme touchme
helpme saveme trustme believe believer dreamer dreamers dreaming wonder wonderful wonderland fantastic fantasy amazing awesome excellent incredible
invincible indestructible immortal eternal eternity infinity infinite forever4 always promise destiny serenity tranquility harmony passion passionate romance romantic
desire pleasure ecstasy paradise nirvana karma dharma buddha zen spirit spiritual soul soulmate heart hearts heartbreak broken lonely lonewolf loner outlaw renegade
rebel rebels rebellion revolution anarchy chaos madness insane insanity psycho maniac lunatic crazy crazyman madman madmax mad mental stupid idiot moron
loser losers nerd geek freak freaky weird strange stranger danger mayhem havoc carnage destruction destroy destroyer annihilate
williams maxwell franklin hamilton madison jefferson lincoln washington roosevelt kennedy truman eisenhower nixon reagan clinton obama churchill thatcher
stalin lenin hitler guevara mandela gandhi luther malcolm morrison lennon mccartney hemingway fitzgerald steinbeck faulkner whitman emerson thoreau wilson
campbell chandler thompson phillips peterson sullivan simpson crawford ferguson gallagher mckenzie mcdonald macdonald harrington wellington livingston
wolfgang johann ludwig friedrich heinrich siegfried gunther klaus jurgen stefan stefanie matthias sebastien francois jacques pierre philippe
guillaume nicolas mathieu thierry veronique dominique chantal giuseppe giacomo lorenzo federico alessandro alessandra francesca valeria claudio
mauro maurizio jorge joaquin guillermo francisco rodrigo santiago ricardo gabriela mariana fernanda juliana adriano marcelo thiago joao srinivas
venkat rajesh ramesh suresh mahesh ganesha lakshmi krishnan murali prakash sanjay vijay deepak anil sunil pooja priya neha kavita
bluemoon fullmoon halfmoon newmoon moonbeam moonstar stardust starfish starship stargazer northstar sundance sundown sunrise sunset sunny sunbeam
waterfall watermelon pineapple coconut grapefruit tangerine blackberry cranberry dietcoke coffee1 cappuccino latte mocha tea teapot sugarbear cheesecake
gingerbread marshmallow lollipop jellybean gumdrop peppermint spearmint doughnut donut bagel pretzel nacho burrito enchilada taco spaghetti lasagna ravioli
macaroni noodle noodles sausage salami pepperoni hotdog hamburger steak barbecue mustard ketchup mayonnaise pickles garlic onion broccoli spinach
skittle snickers butterfinger mustard concrete asphalt granite marble copper bronze silver platinum titanium uranium plutonium carbon oxygen hydrogen
helium neon argon mercury sulfur atlantis avalon olympia elysium valhalla asgard odin thor loki freya ragnarok viking vikings berserker minotaur centaur
medusa hydra cerberus kraken leviathan behemoth gargoyle goblin troll ogre dwarf elf fairy pixie nymph mermaid siren banshee wraith reaper grimreaper
passport ticket tickets journey travel traveler traveller tourist adventure explorer frontier pioneer discovery voyage expedition safari geronimo cheyenne
navajo apache mohawk cherokee comanche seminole tomahawk warpaint westside eastside southside northside downtown uptown ghetto gangster gangsta thug
hustler player pimp pimping pimpdaddy sugardaddy lifehack freepass freeuser wordpass letmesee openup opensesame sesame abracadabra hocuspocus peekaboo
whoami whoareyou nevermind maryjane marijuana cannabis ganja stoner cocaine heroin weed bong hippie hippy rasta rastaman highland highlands highlander
precious gollum elephant1 virgin virginia vagabond nomad wanderer drifter hitchhiker rambler gambler poker blackjack roulette jackpot bingo lottery
spanish1 geography history biology chemistry physics mathematics algebra geometry calculus science scientist professor library
`
  .split(/\s+/)
  .filter(Boolean);
