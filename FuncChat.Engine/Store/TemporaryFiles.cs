using System.Buffers;

namespace FuncChat.Engine.Store;

/// <summary>The files that are written under a name of their own and then renamed. A process that is killed meanwhile leaves them.</summary>
internal static class TemporaryFiles
{
    private const int Digits = 32;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    // Links lead to what is not the data folder's, and a folder that can't be read, such as a volume's lost+found, need not be the app's.
    private static readonly EnumerationOptions All = new() { AttributesToSkip = FileAttributes.ReparsePoint };

    // No write takes as long.
    private static readonly TimeSpan LongestWrite = TimeSpan.FromHours(1);

    /// <summary>A new name next to a file.</summary>
    public static string NameFor(string path) => $"{path}.{Guid.NewGuid():N}";

    /// <summary>Removes those that were left, everywhere in a folder.</summary>
    /// <exception cref="IOException">A file could not be removed.</exception>
    public static void RemoveLeft(string folder, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
            return;
        var removals = new Removals();
        RemoveIn(folder, FileExpiry.Now(folder) - LongestWrite, removals, cancellationToken);
        removals.ThrowIfAnyFailed("temporary files");
    }

    private static void RemoveIn(string folder, DateTime oldest, Removals removals, CancellationToken cancellationToken) => removals.Try(() =>
    {
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var path in Directory.EnumerateFiles(folder, "*.*", All).Where(path => IsName(Path.GetFileName(path.AsSpan()))))
        {
            removals.Try(() =>
            {
                if (File.GetLastWriteTimeUtc(path) < oldest)
                    File.Delete(path);
            });
        }

        foreach (var inner in Directory.EnumerateDirectories(folder, "*", All))
            RemoveIn(inner, oldest, removals, cancellationToken);
    });

    private static bool IsName(ReadOnlySpan<char> name) =>
        name.Length > Digits && name[^(Digits + 1)] == '.' && !name[^Digits..].ContainsAnyExcept(HexDigits);
}
