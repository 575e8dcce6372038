using System.Text;

namespace FuncChat.Engine.Threads;

/// <summary>Changes of a thread. Null leaves a field as it is; an empty text, list or object clears it.</summary>
public sealed record ThreadChange
{
    public string? Title { get; init; }

    public bool? Archived { get; init; }

    public string? Model { get; init; }

    public IReadOnlyList<string>? Tools { get; init; }

    public string? SystemPrompt { get; init; }

    /// <summary>A JSON object.</summary>
    public RawJson? Metadata { get; init; }

    public string? Folder { get; init; }

    /// <summary>About how many bytes are stored for it.</summary>
    internal long Bytes =>
        BytesOf(Title) + BytesOf(Model) + BytesOf(SystemPrompt) + BytesOf(Folder) + (Tools?.Sum(BytesOf) ?? 0) + (Metadata?.Utf8.Length ?? 0);

    private static long BytesOf(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);

    internal ThreadDocument ApplyTo(ThreadDocument thread) => thread with
    {
        Title = Title ?? thread.Title,
        TitleIsChosen = Title is null ? thread.TitleIsChosen : Title.Length > 0,
        Archived = Archived ?? thread.Archived,
        Model = Model is null ? thread.Model : Model.Length > 0 ? Model : null,
        Tools = Tools is null ? thread.Tools : Tools.Count > 0 ? Tools : null,
        SystemPrompt = SystemPrompt is null ? thread.SystemPrompt : SystemPrompt.Length > 0 ? SystemPrompt : null,
        Folder = Folder is null ? thread.Folder : Folder.Length > 0 ? Folder : null,
        Metadata = Metadata is null ? thread.Metadata : Metadata.Value.Utf8.Span.SequenceEqual("{}"u8) ? null : Metadata,
    };
}
