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
cocksucker cumshot faggot nigger porno pornstar pornography hardcore lesbian orgasm threesome whore bastard cunt wanker
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
`
  .split(/\s+/)
  .filter(Boolean);
