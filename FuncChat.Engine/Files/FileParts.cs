using System.Globalization;
using System.Text.Json;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using FuncChat.Tools;
using FuncChat.Tools.Fetch;

namespace FuncChat.Engine.Files;

/// <summary>
/// Replaces references to files in the messages of one model call by what the model accepts: an image as data, a PDF as a file or as text, text as text.
/// Events and the log keep the references.
/// </summary>
internal sealed class FileParts(FileStorage files, RequestMemory memory)
{
    /// <summary>Bytes of the files of one call. Providers accept requests of 20 to 50 MB.</summary>
    public const int MaxBytes = 24 * 1024 * 1024;

    /// <summary>Files of one call. Earlier messages can refer to any number of files that do not exist, and each is a read of the store.</summary>
    public const int MaxFiles = 500;

    /// <summary>Characters of one text: about 100,000 tokens.</summary>
    private const int MaxCharacters = 400_000;

    private const int IdLength = 12;

    /// <summary>Reads the files that the messages refer to. The result holds their memory until it is disposed.</summary>
    /// <exception cref="ModelException">The files can't be read, or too much memory is in use.</exception>
    public async Task<CallMessages> ResolveAsync(
        string user, IReadOnlyList<ReadOnlyMemory<byte>> messages, ResolvedModel model, CancellationToken cancellationToken)
    {
        messages = ToolImages.Show(messages, withImages: model.Model.AcceptsFiles && model.Capabilities.Images is not false);
        var ids = IdsIn(messages, out var details);
        if (ids.Count == 0)
            return new CallMessages(messages);
        try
        {
            var known = new Dictionary<string, StoredFile>(StringComparer.Ordinal);
            var read = ids.TakeLast(MaxFiles).ToHashSet(StringComparer.Ordinal);
            foreach (var id in read)
            {
                if (FileKey.IsFileId(id) && await files.ReadAsync(new FileKey(user, id), cancellationToken) is { } file)
                    known[id] = file;
            }

            var chosen = Choose(ids, known);
            var held = memory.Hold(user, chosen.Sum(file => file.Bytes * 2));
            if (!held.Succeeded)
                throw new ModelException(held.Error);
            try
            {
                var parts = new Dictionary<string, FilePart>(StringComparer.Ordinal);
                foreach (var id in ids)
                {
                    parts[id] = !read.Contains(id) ? new FilePart(ContentParts.Text($"[A file that was attached here is left out: only the last {MaxFiles} files of a conversation are read.]"))
                        : !known.TryGetValue(id, out var file) ? new FilePart(ContentParts.Text("[A file that was attached here is no longer available.]"))
                        : !chosen.Contains(file) ? new FilePart(ContentParts.Text($"[The file \"{file.Name}\" is left out: the files of this conversation are too large together.]"))
                        : new FilePart(await PartOfAsync(file, details[id], model, cancellationToken), ContentParts.Text($"[The file \"{file.Name}\" is attached above.]"));
                }

                return new CallMessages([.. messages.Select(message => FileReferences.MayBeIn(message.Span) ? Rewrite(message, parts) : message)], held.Value);
            }
            catch
            {
                held.Value.Dispose();
                throw;
            }
        }
        catch (TurnStoreException e)
        {
            throw new ModelException(TurnErrors.Of(e), e);
        }
    }

    // Each once, in the order of the last references: a file that is attached again is a recent one.
    private static List<string> IdsIn(IReadOnlyList<ReadOnlyMemory<byte>> messages, out Dictionary<string, string?> details)
    {
        var ids = new List<string>();
        details = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var message in messages)
        {
            if (!FileReferences.MayBeIn(message.Span))
                continue;
            using var document = JsonDocument.Parse(message);
            foreach (var part in ContentParts.Of(document.RootElement))
            {
                if (FileReferences.IdOf(part) is not { } id)
                    continue;
                ids.Add(id);
                details.TryAdd(id, FileReferences.DetailOf(part)); // The first reference becomes the content.
            }
        }

        return ids.Count == 0 ? ids : [.. Enumerable.Reverse(ids).Distinct(StringComparer.Ordinal).Reverse()];
    }

    // The latest ones first: the conversation is about them.
    private static HashSet<StoredFile> Choose(List<string> ids, Dictionary<string, StoredFile> known)
    {
        var chosen = new HashSet<StoredFile>();
        long bytes = 0;
        foreach (var file in Enumerable.Reverse(ids).Select(id => known.GetValueOrDefault(id)).OfType<StoredFile>())
        {
            if (bytes + file.Bytes > MaxBytes)
                continue;
            bytes += file.Bytes;
            chosen.Add(file);
        }

        return chosen;
    }

    private async Task<byte[]> PartOfAsync(StoredFile file, string? detail, ResolvedModel model, CancellationToken cancellationToken)
    {
        if (file.IsImage)
        {
            return model.Capabilities.Images is false
                ? ContentParts.Text($"[The image \"{file.Name}\" is left out: this model does not accept images.]")
                : await ContentOfAsync(file, (json, content) => WriteImage(json, content, detail), cancellationToken);
        }

        if (FileType.IsTextType(file.MediaType))
        {
            return await ContentOfAsync(
                file, (json, content) => ContentParts.WriteText(json, TextOf(file, Charset.Decode(content, declared: null, out var guess), guess)), cancellationToken);
        }

        if (file.MediaType == FileType.Pdf && (model.Capabilities.Files ?? model.Model.AcceptsFiles))
            return await ContentOfAsync(file, (json, content) => WriteFile(json, file, content), cancellationToken);
        return await files.ReadTextAsync(file.Key, cancellationToken) is { } text
            ? ContentParts.Text(TextOf(file, file.TextNote is null ? text : $"{text}\n\n[{file.TextNote}]"))
            : ContentParts.Text($"[The text of the file \"{file.Name}\" can't be read. {file.TextNote}]");
    }

    private async Task<byte[]> ContentOfAsync(StoredFile file, Action<Utf8JsonWriter, byte[]> write, CancellationToken cancellationToken) =>
        await files.ReadContentAsync(file.Key, cancellationToken) is { } content
            ? ContentParts.Write(json => write(json, content))
            : ContentParts.Text($"[The file \"{file.Name}\" is no longer available.]");

    // The author of the text does not know the file's id.
    private static string TextOf(StoredFile file, string text, string? guess = null)
    {
        var shown = TextCut.LengthWithin(text, MaxCharacters);
        var part = shown == text.Length
            ? text
            : string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, shown)}\n[The first {shown:N0} of {text.Length:N0} characters are shown.]");
        return $"File \"{file.Name}\" ({file.MediaType}{EncodingNote(guess)}):\n{UntrustedText.Label(part, file.Id[^IdLength..])}";
    }

    /// <summary>What a model must know of a text whose encoding is nowhere declared.</summary>
    public static string EncodingNote(string? guess) => guess is null ? "" : $", read as {guess}, which is a guess";

    private static void WriteImage(Utf8JsonWriter json, byte[] content, string? detail)
    {
        json.WriteString("type"u8, "image_url"u8);
        json.WriteStartObject("image_url"u8);
        json.WriteString("url"u8, DataUrlOf(FileType.Of(content) ?? "image/png", content));
        if (detail is not null)
            json.WriteString("detail"u8, detail);
        json.WriteEndObject();
    }

    private static void WriteFile(Utf8JsonWriter json, StoredFile file, byte[] content)
    {
        json.WriteString("type"u8, "file"u8);
        json.WriteStartObject("file"u8);
        json.WriteString("filename"u8, file.Name);
        json.WriteString("file_data"u8, DataUrlOf(file.MediaType, content));
        json.WriteEndObject();
    }

    private static string DataUrlOf(string mediaType, byte[] content) => $"data:{mediaType};base64,{Convert.ToBase64String(content)}";

    private static ReadOnlyMemory<byte> Rewrite(ReadOnlyMemory<byte> message, Dictionary<string, FilePart> parts)
    {
        using var document = JsonDocument.Parse(message);
        return FileReferences.In(document.RootElement).Any()
            ? ContentParts.Replace(document.RootElement, part => FileReferences.IdOf(part) is { } id ? parts[id].Take() : null)
            : message;
    }
}

/// <summary>The messages of one model call.</summary>
/// <param name="held">The memory of the files in them.</param>
internal sealed class CallMessages(IReadOnlyList<ReadOnlyMemory<byte>> messages, HeldMemory? held = null) : IDisposable
{
    public IReadOnlyList<ReadOnlyMemory<byte>> Messages => messages;

    public void Dispose() => held?.Dispose();
}
