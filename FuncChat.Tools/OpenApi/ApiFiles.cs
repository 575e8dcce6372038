using System.Text.Json.Nodes;

namespace FuncChat.Tools.OpenApi;

/// <summary>The files of a document: itself, and those that it refers to. They must be in its folder or below, so that a document can't read what else is on its host.</summary>
/// <param name="document">The address of the document, which may be that of a file.</param>
/// <param name="root">What is in it.</param>
/// <param name="read">Reads the text of a file. What it throws is shown in the log.</param>
internal sealed class ApiFiles(Uri document, JsonObject root, Func<Uri, CancellationToken, Task<string>> read)
{
    private const int MaxFiles = 2000;
    private const int MaxLength = 32 * 1024 * 1024;
    private const int AtATime = 8;

    // Next to a document may be the app's own settings, and hidden files.
    private static readonly string[] Endings = [".json", ".yaml", ".yml"];
    private static readonly string[] Settings = ["local.settings.", "mcp.json", "appsettings."];

    private readonly Dictionary<Uri, (JsonNode? Node, string? Error)> _read = new() { [document] = (root, null) };
    private readonly HashSet<Uri> _wanted = [];
    private long _length;

    public Uri Document => document;

    /// <summary>The address of the file that a reference leads to, and the place in it.</summary>
    /// <param name="file">The file that has the reference.</param>
    /// <exception cref="InvalidDataException">The file must not be read.</exception>
    public (Uri File, string Pointer) Resolve(Uri file, string reference)
    {
        var parts = reference.Split('#', 2);
        var pointer = $"#{(parts.Length > 1 ? parts[1] : "")}";
        if (parts[0].Length == 0)
            return (file, pointer);
        if (!Uri.TryCreate(file, parts[0], out var target))
            throw new InvalidDataException("it is not a valid address");
        if (target == document)
            return (document, pointer);
        var folder = new Uri(document, ".");

        // Some servers and systems also read these as a slash.
        var isEscaped = target.AbsolutePath.Contains("%2f", StringComparison.OrdinalIgnoreCase) || target.AbsolutePath.Contains("%5c", StringComparison.OrdinalIgnoreCase);
        if (target.Scheme != document.Scheme || target.Authority != document.Authority || isEscaped || target.UserInfo != document.UserInfo
            || !target.AbsolutePath.StartsWith(folder.AbsolutePath, StringComparison.Ordinal))
            throw new InvalidDataException("it is not in the folder of the document or below");
        var names = target.AbsolutePath[folder.AbsolutePath.Length..].Split('/');
        if (target.IsFile && (!Array.Exists(Endings, ending => names[^1].EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            || Array.Exists(names, name => name.StartsWith('.')) || Array.Exists(Settings, start => names[^1].StartsWith(start, StringComparison.OrdinalIgnoreCase))))
            throw new InvalidDataException("a part of a document must be a .json, .yaml or .yml file, and none with settings");
        return (target, pointer);
    }

    /// <summary>What is at a place; null if there is nothing, or the file is not read yet: <see cref="ReadWantedAsync"/> reads it.</summary>
    /// <exception cref="InvalidDataException">The file can't be read.</exception>
    public JsonNode? Find(Uri file, string pointer)
    {
        if (!_read.TryGetValue(file, out var known))
        {
            _wanted.Add(file);
            return null;
        }

        if (known.Error is not null)
            throw new InvalidDataException(known.Error);
        var places = JsonPointer.Read(pointer) ?? throw new InvalidDataException("it is not a place in a document");
        var found = places.Aggregate(known.Node, static (node, place) => node switch
        {
            JsonObject members => members[place],
            JsonArray items when int.TryParse(place, out var index) && index >= 0 && index < items.Count => items[index],
            _ => null,
        });
        return found ?? throw new InvalidDataException("nothing is there");
    }

    /// <summary>Reads the files that <see cref="Find"/> did not find. Returns whether there were any.</summary>
    public async Task<bool> ReadWantedAsync(CancellationToken cancellationToken)
    {
        Uri[] wanted = [.. _wanted];
        _wanted.Clear();
        foreach (var some in wanted.Chunk(AtATime))
        {
            foreach (var (file, node, error) in await Task.WhenAll(some.Select(file => ReadAsync(file, cancellationToken))))
                _read[file] = (node, error);
        }

        return wanted.Length > 0;
    }

    private async Task<(Uri File, JsonNode? Node, string? Error)> ReadAsync(Uri file, CancellationToken cancellationToken)
    {
        if (_read.Count > MaxFiles || Interlocked.Read(ref _length) > MaxLength)
            return (file, null, $"the document has more than {MaxFiles} files or {MaxLength >> 20} MiB");
        try
        {
            var text = await read(file, cancellationToken);
            return Interlocked.Add(ref _length, text.Length) > MaxLength ? (file, null, "the files of the document are too large") : (file, ApiDocumentReader.Parse(text), null);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            return (file, null, failure.Message);
        }
    }
}
