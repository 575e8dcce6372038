using System.Diagnostics;
using System.Text.RegularExpressions;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Docs;

/// <summary>Comments, docs, messages and test names are in plain English: present tense, active voice, the usual words of the field.</summary>
public sealed class PlainEnglishTests
{
    private static readonly (string Instead, Regex Pattern)[] Words =
    [
        Word("again, retried, regenerated", @"\banew\b|\bmade again\b"),
        Word("so that … not", @"\blest\b"),
        Word("anyway, still", @"\ball the same\b"),
        Word("automatically, on its own", @"\bby (itself|themselves)\b"),
        Word("next to, in addition to", @"\bbeside\b"),

        // Usual: what a proxy, gateway or relay is in front of, a delay, and what a process leaves.
        Word("after", @"(?<!\b(write|far|further|falls?|fell|lags?|lagging|KB)[ -])(?<!\b(leaves?|left|leaving)\b.{0,40})\bbehind\b(?!.{0,30}(prox|gateway|endpoint|relay|firewall|balancer|pointer|cloudflare|nat\b|door))"),
        Word("is, appears, is in", @"\b(stands?|stood)\b(?!-)(?! (in )?for\b)(?! (out|alone)\b)|\b(lies|lie) in\b"),
        Word("valid", @"\b(is|are|was|be|not|isn't|no) (not )?sound\b|\bsound (body|bodies|request|token|json|but)\b|\bunsound\b"),
        Word("the caller, the user, no client", @"\b(whoever|nobody|somebody|everybody|anybody)\b(?![@.]\w)"),
        Word("failed, was cut off", @"\bbroke\b"),
        Word("error, bug", @"\b(the|a|no|any|another|caller's|person's|report a|of its) faults?\b(?! (injection|domain))|\bfaults? of\b"),
        Word("fix", @"\bmend(s|ed|ing)?\b"),
        Word("reports, returns, is notified of", @"\b(is|are|was|were|be|been|being) told\b(?! (apart|from))|\b(told|tells?|telling) of\b"),
        Word("depends on", @"\bgoes by\b"),
        Word("must be", @"\b(is|are) to be\b(?! (or|and) not)"),
        Word("available, unavailable", @"\b(to be had|none to be|what there is)\b"),
        Word("continues", @"\b(goes|gone|going|went) on\b|\bgo on\b(?! to\b)"),
        Word("drains, releases, hands over", @"\blets? (it |them )?go\b(?! to\b)"),
        Word("except for", @"\bbut for\b"),
        Word("a valid example", @"\bgood value\b"),
        Word("outside", @"\belsewhere than\b"),
        Word("tolerated", @"\bput up with\b"),
        Word("because, from there", @"\b(whence|hence|thereby|thereof|herein)\b"),
    ];

    // What others wrote: recorded web pages and streams, the names of packages; German. This file has the words themselves.
    private static readonly string[] Quotes = ["package-lock.json", "packages.lock.json", "bench/results/", "/Golden/", "/Shapes/", "/Fuzz/Findings/", "/i18n/de", "PlainEnglishTests.cs"];

    [Fact]
    public async Task Text_has_no_word_of_the_old_dialect()
    {
        var found = new List<string>();
        foreach (var file in (await TrackedFilesAsync()).Where(file => !Quotes.Any(quote => file.Contains(quote, StringComparison.Ordinal))))
        {
            foreach (var (number, line) in (await File.ReadAllLinesAsync(Repository.PathOf(file))).Index())
                found.AddRange(FindIn(line).Select(word => $"{file}:{number + 1}: “{word.Text}”, better: {word.Instead}"));
        }

        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    [Theory]
    [InlineData("A build writes it anew.")]
    [InlineData("The event behind the last one.")]
    [InlineData("public void Body_that_is_not_sound_is_refused()")]
    [InlineData("Nobody waits.")]
    [InlineData("The stream broke off.")]
    [InlineData("Who is told of alerts.")]
    [InlineData("The turn goes on.")]
    [InlineData("It stands in the name.")]
    public void Dialect_is_found(string line) => Assert.NotEmpty(FindIn(line));

    [Theory]
    [InlineData("A write-behind store.")]
    [InlineData("The server runs behind a reverse proxy.")]
    [InlineData("A reader that is far behind; a run leaves no process behind.")]
    [InlineData("`-` stands for `_`; a stand-in, and a stand-alone page.")]
    [InlineData("Play a sound.")]
    [InlineData("nobody@example.com")]
    [InlineData("Events can be told apart. Tell the user why.")]
    [InlineData("Let go to the next page. Default values are broken up.")]
    [InlineData("The default of a setting, and fault injection.")]
    public void Usual_English_is_not(string line) => Assert.Empty(FindIn(line));

    private static (string Instead, Regex Pattern) Word(string instead, string pattern) =>
        (instead, new Regex(pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(10)));

    // The words of a test's name are separated by underscores.
    private static IEnumerable<(string Text, string Instead)> FindIn(string line)
    {
        var text = line.Replace('_', ' ');
        return Words.SelectMany(word => word.Pattern.Matches(text).Select(match => (match.Value, word.Instead)));
    }

    private static async Task<IEnumerable<string>> TrackedFilesAsync()
    {
        using var git = Process.Start(new ProcessStartInfo("git", "ls-files -- *.cs *.ts *.tsx *.js *.mjs *.json *.kql *.bicepparam *.md *.bicep *.sh *.yml *.yaml *.css *.html")
        {
            WorkingDirectory = Repository.PathOf("."),
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        var files = await git.StandardOutput.ReadToEndAsync();
        await git.WaitForExitAsync();
        Assert.Equal(0, git.ExitCode);
        return files.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(file => File.Exists(Repository.PathOf(file)));
    }
}
