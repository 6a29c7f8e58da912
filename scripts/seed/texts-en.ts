import type { DemoTexts } from "./demo-texts.ts";

export const ENGLISH_TEXTS: DemoTexts = {
  threads: [
    [
      "The starter doubled overnight and pushed the lid off. I've never been so proud of flour and water.",
      "Does it have a name yet? Ours is called Clint Yeastwood.",
    ],
    [
      "Ran eight miles, saw two herons, stopped for one cinnamon roll. A balanced morning.",
      "The roll is what makes it a training plan.",
    ],
    [
      "Someone returned a book that was due in 1997, with a note that said 'sorry, it was really good'.",
      "Please tell me you waived the fine.",
    ],
    [
      "Fixed a squeak that three shops couldn't find. It was the saddle. It's always the saddle.",
      "Or the seat post. But usually the saddle.",
    ],
    [
      "Bought one fern. Came home with four. I can't explain the arithmetic.",
      "Plant shops have their own number system.",
    ],
    [
      "Twelve hours by train through the mountains and I didn't open my laptop once.",
      "Which side should I sit on for the views?",
    ],
    [
      "Deleted 4,000 lines of code today and nobody noticed. That's the review I wanted.",
      "The best kind of feature.",
    ],
    [
      "First tray of croissants sold out before seven. Second tray is for those of you who sleep.",
      "Save me one, I'm on the ten o'clock shift.",
    ],
    [
      "Day 1,204 of sketching: a pigeon that looked more confident than I've ever been.",
      "Pigeons never doubt themselves. It's inspiring.",
    ],
    [
      "Glassy, waist high, and nobody out. I'm only telling you now because the wind has turned.",
      "You're a terrible friend and a wise surfer.",
    ],
    [
      "Tonight's dinner: whatever was in the fridge, plus an egg on top. Everything is a recipe with an egg on top.",
      "This is the only cookbook I need.",
    ],
    [
      "Found a jazz record with a love letter inside the sleeve. Both are in good condition.",
      "You have to find out who wrote it.",
    ],
    [
      "Cloud at the bottom, cloud at the top, and ten glorious minutes of sunshine in between.",
      "Those ten minutes are why we keep going back.",
    ],
    [
      "Opened the kiln this morning. Two mugs cracked, five survived, one is somehow better than I planned.",
      "The accidental one is always the favourite.",
    ],
    [
      "Saturn's rings through a telescope I built from a kit. I made a noise that woke up the dog.",
      "I still remember the first time I saw them. Unreal.",
    ],
    [
      "Lost in nineteen moves to a ten-year-old who offered me a biscuit afterwards.",
      "The biscuit is psychological warfare.",
    ],
    [
      "Forty-three goldfinches on the feeder. I counted twice because I didn't believe it either.",
      "They must have told their friends.",
    ],
    ["Fourteen hours on the smoker. The rain tried its best. The brisket won.", "I could smell this post."],
    [
      "A pupil asked when we will ever need fractions. I cut the cake into very unequal pieces. Lesson over.",
      "I'd have paid attention in that class.",
    ],
    [
      "This table used to be the floor of a dance hall. You can still see where the heels landed.",
      "Please never sand that part away.",
    ],
    [
      "Thirty-six exposures of the same street corner in the rain. One of them is exactly right.",
      "One out of thirty-six is a great roll.",
    ],
    [
      "Headwind on the way there, headwind on the way back. Physics owes me an explanation.",
      "It's a loop. The wind commutes as well.",
    ],
    [
      "Played a whole scale in tune for the first time. My neighbour applauded through the wall.",
      "That's a standing ovation in an apartment building.",
    ],
    [
      "The dahlias don't know it's nearly winter and I'm not going to be the one to tell them.",
      "Mine are in denial too. Long may it last.",
    ],
    [
      "Wrote six letters today. By hand, with stamps. It felt like sending small boats out to sea.",
      "I'd love to get a letter. I'd even write back.",
    ],
    [
      "Tried rye this week. It's dense enough to stop a door, and delicious.",
      "Slice it thin and it's perfect with soup.",
    ],
    [
      "Race day tomorrow. Shoes by the door, bib on the shirt, absolutely no chance of sleeping.",
      "Start slower than you think. Enjoy it!",
    ],
    [
      "A child asked me for 'a book that is scary, but kind'. I've been thinking about it all day.",
      "That's the best description of a good book I've heard.",
    ],
    [
      "Rescued a 1978 touring frame from a skip. It has more stories than rust.",
      "What colour is it under all that dust?",
    ],
    [
      "New leaf on the plant I had given up on. I apologised to it.",
      "They do this just to make us feel guilty.",
    ],
    [
      "The night train was an hour late, so the dining car opened early. I call that a fair trade.",
      "The best meals are always in dining cars.",
    ],
    [
      "Wrote the migration, wrote the rollback, and then actually tested the rollback. Sleeping well tonight.",
      "Framing this and hanging it in the office.",
    ],
    [
      "Somebody asked for a 'plain croissant, but with personality'. Challenge accepted.",
      "So did you give it a little hat?",
    ],
    ["Drew strangers on the subway all week. One of them drew me back.", "Now I want to see both drawings."],
    [
      "Flat today. Took the dog along the headland instead, and we saw a whale breathe.",
      "That beats any wave.",
    ],
    [
      "If you toast the spices first, your kitchen smells like you know what you're doing.",
      "Half of cooking is convincing the room.",
    ],
    [
      "Fifty pence for a record I've been looking for since college. My hands were shaking.",
      "What was it? You can't leave us like this.",
    ],
    [
      "Met a man at the summit who had climbed it every birthday for forty years. He gave me half of his cake.",
      "I want to be him when I grow up.",
    ],
    [
      "Glaze test number nine: finally the blue I've been seeing in my head.",
      "It was worth the other eight.",
    ],
    [
      "Meteor shower tonight. Bring a blanket, lie down, be patient. That's the whole guide.",
      "How late should we stay up?",
    ],
    [
      "Queen sacrifice, eleven moves of pure terror, then a handshake. I won and I need to lie down.",
      "Please post the game!",
    ],
    [
      "The swifts left this week. The sky sounds emptier every evening.",
      "They always go so suddenly. See them in May.",
    ],
    [
      "Neighbours came over for leftovers. There were no leftovers when they went.",
      "That's the highest rating there is.",
    ],
    ["Marked ninety tests. Favourite answer: 'x is still lost, but I found y'.", "Full marks for honesty."],
    [
      "Spent the day pulling nails out of old boards. Ninety-one. I counted because it was that kind of day.",
      "Old nails are so satisfying to straighten.",
    ],
    [
      "The lab sent back my film with a note: 'frame 12 made us smile'. It made me smile.",
      "Now show us frame 12!",
    ],
    [
      "Saw a man cycling with a cello on his back. I've no more excuses for taking the car.",
      "That may have been my teacher.",
    ],
    [
      "Two measures of Bach, very slowly, over and over. It's the calmest part of my day.",
      "Slow practice is the secret nobody wants to hear.",
    ],
    [
      "The hedge won again this year. We've agreed to meet in spring.",
      "Never trust a hedge that agrees too easily.",
    ],
    [
      "Made a list of small good things: warm socks, exact change, a door held open.",
      "Adding to it: the first page of a new notebook.",
    ],
  ],
  comments: [
    "This made my morning, thank you.",
    "I needed to read this today.",
    "Pictures, please!",
    "Same here, more often than I'd like to admit.",
    "Following for updates.",
    "You've convinced me to give it a try.",
    "Ha! I laughed out loud at my desk.",
    "Please keep posting these.",
    "I'm a little jealous, in a good way.",
    "Saved for the weekend.",
  ],
  replies: [
    "Thank you! I'll report back.",
    "Glad it isn't just me.",
    "That's very kind of you.",
    "Come by any time, I mean it.",
    "I'll try that next time.",
    "You have a point there.",
  ],
  answers: [
    "Looking forward to it!",
    "I'll hold you to that.",
    "Deal.",
    "Can't wait to hear how it goes.",
    "See you there, then.",
  ],
};
