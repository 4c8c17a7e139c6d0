// A common small set of emoji short names; a name outside it is shown as it was written.

const NAMES =
  "white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️ x ❌ warning ⚠️ information_source ℹ️ question ❓ exclamation ❗ bell 🔔 no_bell 🔕 " +
  "calendar 📆 date 📅 spiral_calendar_pad 🗓️ clock1 🕐 clock9 🕘 alarm_clock ⏰ hourglass ⌛ hourglass_flowing_sand ⏳ stopwatch ⏱️ watch ⌚ " +
  "wave 👋 +1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 clap 👏 raised_hands 🙌 pray 🙏 raised_hand ✋ hand ✋ ok_hand 👌 point_right 👉 point_down 👇 point_up ☝️ muscle 💪 handshake 🤝 " +
  "smile 😄 smiley 😃 grinning 😀 slightly_smiling_face 🙂 blush 😊 wink 😉 joy 😂 thinking_face 🤔 neutral_face 😐 confused 😕 disappointed 😞 cry 😢 sob 😭 tada 🎉 confetti_ball 🎊 sparkles ✨ star ⭐ star2 🌟 fire 🔥 rocket 🚀 heart ❤️ blue_heart 💙 green_heart 💚 100 💯 eyes 👀 " +
  "bulb 💡 book 📖 books 📚 closed_book 📕 open_book 📖 memo 📝 pencil 📝 pencil2 ✏️ clipboard 📋 bookmark 🔖 link 🔗 paperclip 📎 pushpin 📌 round_pushpin 📍 mag 🔍 lock 🔒 unlock 🔓 key 🔑 " +
  "bar_chart 📊 chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 page_facing_up 📄 file_folder 📁 open_file_folder 📂 inbox_tray 📥 outbox_tray 📤 package 📦 envelope ✉️ email ✉️ incoming_envelope 📨 mailbox 📫 loudspeaker 📢 mega 📣 speech_balloon 💬 left_speech_bubble 🗨️ thought_balloon 💭 " +
  "busts_in_silhouette 👥 bust_in_silhouette 👤 wheelchair ♿ mortar_board 🎓 school 🏫 office 🏢 house 🏠 classical_building 🏛️ earth_americas 🌎 globe_with_meridians 🌐 maple_leaf 🍁 canada 🇨🇦 flag-ca 🇨🇦 computer 💻 phone ☎️ telephone_receiver 📞 video_camera 📹 movie_camera 🎥 microphone 🎤 headphones 🎧 " +
  "large_green_circle 🟢 large_yellow_circle 🟡 large_orange_circle 🟠 red_circle 🔴 large_blue_circle 🔵 white_circle ⚪ black_circle ⚫ large_green_square 🟩 " +
  "arrow_right ➡️ arrow_left ⬅️ arrow_up ⬆️ arrow_down ⬇️ arrows_counterclockwise 🔄 repeat 🔁 heavy_plus_sign ➕ heavy_minus_sign ➖ no_entry ⛔ no_entry_sign 🚫 construction 🚧 sos 🆘 new 🆕 free 🆓 one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ " +
  "trophy 🏆 medal 🏅 sports_medal 🏅 first_place_medal 🥇 seedling 🌱 sunny ☀️ coffee ☕ cake 🍰 gift 🎁 ticket 🎟️ admission_tickets 🎟️ robot_face 🤖 gear ⚙️ wrench 🔧 hammer_and_wrench 🛠️ shield 🛡️ compass 🧭 world_map 🗺️ label 🏷️ wastebasket 🗑️ raising_hand 🙋 speaking_head_in_silhouette 🗣️ dart 🎯 puzzle_piece 🧩 jigsaw 🧩";

const EMOJI = new Map();
{
  const words = NAMES.split(" ");
  for (let index = 0; index < words.length; index += 2) EMOJI.set(words[index], words[index + 1]);
}

/** The character for a short name (a skin tone is left aside), or null. */
export const emoji = (name) => EMOJI.get(String(name).split("::")[0]) ?? null;
export const REACTIONS = ["+1", "white_check_mark", "tada", "eyes", "heart", "raised_hands", "bulb", "question"];
