import { describe, expect, it } from "vitest";
import { isWestern } from "./western";

describe("isWestern", () => {
  it.each([
    "Größe; Füße, Maßänderung, 20 °C, 5 µm, 30 m³/h, § 5, „Ja“ – 3 €",
    "„süß“, „ß“, „5€“, 20°–25°, W/m²K, „Zitat“¹, ¹Siehe",
    "« Été »… déçu, théâtre, créée, cœur, n° 5",
    "ações, informação, à, 1ª, nº 3",
    "¿Qué? ¿¡Niño!? “¡No!” lingüística, 3½ años, col·lecció",
    "góður, þú, við, íþrótt, Alþingi",
    "määrä, säännöt, blå øl, småätande",
    "don´t, it’s, “Yes”, ©2020 Foo™, ÜBERGRÖSSE, ¹ Siehe Übersicht²",
  ])("accepts %s", (text) => {
    expect(isWestern(text)).toBe(true);
  });

  it.each([
    ["Windows-1251", "Иван", "1;Èâàí"],
    ["Windows-1251", "Да", "Äà"],
    ["KOI8-R", "Иван", "é×ÁÎ"],
    ["Latin-2", "Wałęsa", "Wa³êsa"],
    ["Latin-2", "są", "s±"],
    ["Latin-2", "Dvořák", "Dvoøák"],
    ["Windows-1250", "książka", "ksi¹¿ka"],
    ["Windows-1254", "başlık", "baþlýk"],
    ["Shift_JIS", "日本", "“ú–{"],
    ["Shift_JIS", "テスト", "ƒeƒXƒg"],
    ["Shift_JIS", "田中", "“c’†"],
    ["EUC-KR", "한국", "ÇÑ±¹"],
    ["Mac OS Roman", "für Größe", "fŸr Grš§e"],
    ["code page 437", "café", "caf‚"],
    ["code page 850, a byte that is unused", "für", "f\x81r"],
  ])("refuses %s: %s", (_, _text, read) => {
    expect(isWestern(read)).toBe(false);
  });
});
