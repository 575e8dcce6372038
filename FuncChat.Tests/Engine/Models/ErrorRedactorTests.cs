using System.Text;
using FuncChat.Engine.Models;

namespace FuncChat.Tests.Engine.Models;

public sealed class ErrorRedactorTests
{
    private const string Key = "aK9.bQ7~cR5/dS3+eT1-fU8_gV6";

    [Fact]
    public void Key_is_removed_in_every_encoding_that_it_is_likely_to_appear_in()
    {
        var bytes = Encoding.UTF8.GetBytes(Key);
        string[] forms =
        [
            Key, Key.ToUpperInvariant(), Key.ToLowerInvariant(), Uri.EscapeDataString(Key), Convert.ToHexString(bytes), Convert.ToHexStringLower(bytes),
            Convert.ToBase64String(bytes), Convert.ToBase64String(Encoding.UTF8.GetBytes($"Bearer {Key}")), string.Join(' ', Key.AsEnumerable()),
            Key.Insert(7, "\u200b"), Key.Insert(9, "\u00ad"), Key[^12..], Key[^8..],
        ];

        foreach (var form in forms)
        {
            var clean = ErrorRedactor.Clean($"Cannot use <{form}> here.", Key);
            Assert.DoesNotContain(form.Trim('='), clean, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("[key]", clean, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("a\u2028b\u2029c\r\nd", "a b c  d")]
    [InlineData("evil\u202Etxt.exe", "eviltxt.exe")]
    public void Marks_that_break_or_reorder_a_line_are_removed(string text, string clean) => Assert.Equal(clean, ErrorRedactor.Clean(text, null));
}
