using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace FuncChat.Engine.Models.Catalog;

/// <summary>The names of models over all providers.</summary>
internal sealed class ModelNames(IReadOnlyList<ProviderModels> providers)
{
    private const int ShownInError = 5;
    private const int LongestEcho = 100;

    private readonly Dictionary<string, ProviderModels> _byProvider = providers.ToDictionary(provider => provider.Provider, StringComparer.Ordinal);
    private readonly List<string> _ids =
        [.. providers.SelectMany(provider => provider.Listed.Select(name => ProviderModels.IdOf(provider.Provider, name)))];

    /// <summary>The id of every listed model.</summary>
    public IReadOnlyList<string> Ids => _ids;

    /// <summary>Finds `provider:name`, or a plain name that exactly one provider lists.</summary>
    /// <param name="wrong">Where nothing is found: a sentence for the user, with names of models.</param>
    public bool TryFind(
        string asked, out (string Provider, string Name) found, [NotNullWhen(false)] out string? wrong)
    {
        wrong = null;

        // A model's own name may contain colons (llama3.2:3b), so the part before the first one is a prefix only if it names a provider.
        var colon = asked.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0 && asked[(colon + 1)..] is var name && _byProvider.TryGetValue(asked[..colon], out var prefixed) && prefixed.Takes(name))
        {
            found = (prefixed.Provider, name);
            return true;
        }

        var listing = providers.Where(provider => provider.Listed.Contains(asked)).Select(provider => provider.Provider).ToList();
        found = listing.Count == 1 ? (listing[0], asked) : default;
        if (listing.Count == 1)
            return true;

        wrong = listing.Count == 0
            ? $"This server has no model \"{Echo(asked)}\". {Summary()}"
            : $"More than one provider has \"{Echo(asked)}\". Name one of them: "
                + $"{string.Join(" or ", listing.Select(provider => ProviderModels.IdOf(provider, Echo(asked))))}.";
        return false;
    }

    /// <summary>A sentence that names some of the models.</summary>
    public string Summary()
    {
        var open = providers.Where(provider => provider.TakesAny).Select(provider => $"{provider.Provider}:…").ToList();
        var more = _ids.Count - ShownInError;
        var listed = _ids.Count == 0
            ? ""
            : $"Available: {string.Join(", ", _ids.Take(ShownInError))}{(more > 0 ? $" and {more} more" : "")}. ";
        var any = open.Count == 0 ? "" : $"Any other name follows its provider: {string.Join(", ", open)}.";
        return (listed + any).TrimEnd();
    }

    private static string Echo(string asked)
    {
        var clean = string.Concat(asked.Take(LongestEcho).Select(letter => IsShown(letter) ? letter : '?'));
        return asked.Length > LongestEcho ? clean + "…" : clean;

        // Format characters reorder text, or are invisible.
        static bool IsShown(char letter) => char.GetUnicodeCategory(letter) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
    }
}
