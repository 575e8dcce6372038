using System.Net;
using System.Text;

namespace FuncChat.Tests.Web.Fields;

/// <summary>Sends requests that each have one wrong field, and expects a 400 that names it.</summary>
internal static class WrongFields
{
    /// <summary>Fails with all requests that are not refused as they should be.</summary>
    /// <param name="valid">The fields of a valid body: each is left out where the request has a wrong one of its name.</param>
    /// <param name="isNamed">Whether the response names the field.</param>
    public static async Task AssertRefusedAsync(
        HttpClient http, string path, IEnumerable<(string Field, string Json)> wrong, IReadOnlyList<string> valid, Func<string, string, bool> isNamed)
    {
        var accepted = new List<string>();
        foreach (var (field, json) in wrong)
        {
            using var response = await http.PostAsync(path, new StringContent(BodyOf(json, valid), Encoding.UTF8, "application/json"));
            var text = await response.Content.ReadAsStringAsync();
            if (response.StatusCode != HttpStatusCode.BadRequest || !isNamed(text, field))
                accepted.Add($"{field} in {json}: {(int)response.StatusCode} {text[..Math.Min(text.Length, 300)]}");
        }

        Assert.True(accepted.Count == 0, string.Join('\n', accepted));
    }

    /// <summary>Whether `param` of OpenAI's error object names the field.</summary>
    public static bool IsParam(string text, string field) => text.Contains($"\"param\":\"{field}\"", StringComparison.Ordinal);

    private static string BodyOf(string json, IReadOnlyList<string> valid) =>
        $"{{{string.Join(',', valid.Where(field => NameOf(field) != NameOf(json)).Append(json))}}}";

    private static string NameOf(string json) => json.Split('"')[1];
}
