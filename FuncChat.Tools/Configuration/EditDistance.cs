namespace FuncChat.Tools.Configuration;

public static class EditDistance
{
    private const int AlwaysNear = 4;

    /// <summary>
    /// What to ask a person who wrote a name that does not exist: " Did you mean X?" with the name that is most like it, or nothing if none is.
    /// A segment in angle brackets, such as `&lt;name&gt;`, is like any segment.
    /// </summary>
    /// <param name="prefix">What precedes the name where it is written, such as `--`.</param>
    public static string Question(string name, IEnumerable<string> candidates, string prefix = "")
    {
        var nearest = candidates.Select(candidate => (Name: candidate, Distance: Between(Fill(candidate, name).ToUpperInvariant(), name.ToUpperInvariant()))).MinBy(candidate => candidate.Distance);
        return nearest.Name is not null && nearest.Distance <= Math.Max(AlwaysNear, name.Length / 3) ? $" Did you mean {prefix}{nearest.Name}?" : "";
    }

    // A name may also lack the last part, as FuncChat__Providers__ollama does.
    private static string Fill(string pattern, string name)
    {
        var (expected, given) = (pattern.Split("__"), name.Split("__"));
        return expected.Length - given.Length is 0 or 1
            ? string.Join("__", expected.Select((segment, place) => segment.StartsWith('<') && place < given.Length ? given[place] : segment))
            : pattern;
    }

    /// <summary>How many letters must be inserted, removed or replaced to make one text the other (Levenshtein).</summary>
    public static int Between(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (one[i - 1] == other[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[other.Length];
    }
}
