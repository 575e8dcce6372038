using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FuncChat.Engine;
using FuncChat.Engine.Threads;
using FuncChat.Web.Http;

namespace FuncChat.Web.Threads;

/// <summary>The fields of a thread that its user can choose.</summary>
internal abstract record ThreadFields
{
    private const int MaxMetadataBytes = 8 * 1024;
    private const int MaxSystemPrompt = 100_000;
    private const int MaxModel = 256;
    private const int MaxFolder = 100;

    /// <summary>The title. Absent: the first line of the first message, or one that a model writes.</summary>
    [Text(200)]
    public string? Title { get; init; }

    /// <summary>Whether the thread is archived: lists leave it out unless they ask for it.</summary>
    public bool? Archived { get; init; }

    /// <summary>The model of turns that name none, as `provider:name`; an empty text clears it.</summary>
    public string? Model { get; init; }

    /// <summary>The tools of turns that name none; an empty array clears them.</summary>
    [Length(0, 100)]
    [Text(64)]
    public IReadOnlyList<string>? Tools
    {
        get;

        // Called for a null in the body, but not if the field is absent; an init accessor is called for both.
        set => field = value ?? [];
    }

    /// <summary>Sent before the conversation of each turn that has no system message of its own; an empty text clears it.</summary>
    public string? SystemPrompt { get; init; }

    /// <summary>The name of the folder to put it into, up to 100 characters; an empty text or null takes it out of its folder.</summary>
    public string? Folder
    {
        get;

        // As for tools: null in the body is not the same as an absent field.
        set => field = value?.Trim() ?? "";
    }

    /// <summary>An object of your own, up to 8 KiB; an empty one clears it.</summary>
    [RawJson("JsonObject")]
    public JsonElement? Metadata { get; init; }

    public AppError? FindError() =>
        Model?.Length > MaxModel ? JsonField.Error("$.model", $"This must have at most {MaxModel} characters.")
        : SystemPrompt?.Length > MaxSystemPrompt ? JsonField.Error("$.system_prompt", $"This must have at most {MaxSystemPrompt} characters.")
        : Folder?.Length > MaxFolder ? JsonField.Error("$.folder", $"This must have at most {MaxFolder} characters.")
        : Folder is { Length: > 0 } folder && !FolderName.IsVisible(folder) ? JsonField.Error("$.folder", "This must have a visible character, and no control characters.")
        : Metadata is not { ValueKind: not JsonValueKind.Null } metadata ? null
        : metadata.ValueKind != JsonValueKind.Object ? JsonField.Error("$.metadata", "This must be an object.")
        : Encoding.UTF8.GetByteCount(metadata.GetRawText()) > MaxMetadataBytes ? JsonField.Error("$.metadata", $"This must have at most {MaxMetadataBytes} bytes.")
        : null;

    public ThreadChange ToChange() => new()
    {
        Title = Title?.Trim(),
        Archived = Archived,
        Model = Model,
        Tools = Tools,
        SystemPrompt = SystemPrompt,
        Folder = Folder,
        Metadata = Metadata is not { ValueKind: JsonValueKind.Object } metadata ? null
            : metadata.EnumerateObject().Any() ? RawJson.Of(metadata) : new RawJson("{}"u8.ToArray()),
    };
}

/// <summary>The body of `POST /api/threads`.</summary>
internal sealed record CreateThreadRequest : ThreadFields
{
    /// <summary>Your own id for the thread, 8 to 64 letters, digits, '_' and '-'. Absent: the server makes one.</summary>
    [ThreadId]
    public string? ThreadId { get; init; }

    /// <summary>When the thread began, if that was earlier: a time such as 2026-01-31T12:00:00Z.</summary>
    [Text(40)]
    public string? CreatedAt { get; init; }

    public AppError? FindErrorOfNew(DateTimeOffset now) =>
        ThreadTime.FindError(CreatedAt, now) ?? FindError();
}

/// <summary>The body of `PATCH /api/threads/{threadId}`. A field that is absent stays as it is.</summary>
internal sealed record ChangeThreadRequest : ThreadFields;

/// <summary>The body of `PUT /api/threads/{threadId}/turns/{turnId}`: a turn that has ended, such as one of a client's own history.</summary>
internal sealed record AddTurnRequest
{
    /// <summary>The turn that it follows, or `root` for the beginning of the thread, which is the default.</summary>
    [Text(64)]
    public string? ParentTurnId { get; init; }

    /// <summary>When the turn began: a time such as 2026-01-31T12:00:00Z.</summary>
    [Text(40)]
    public string? CreatedAt { get; init; }

    /// <summary>The messages that the turn was started with, without those of earlier turns.</summary>
    [Required(ErrorMessage = "The messages are missing: send those that the turn was started with.")]
    [RawJson("Message", IsArray = true)]
    public JsonElement? Messages { get; init; }

    /// <summary>The events of the turn, of which the last is `complete` or `error`. Text may be in one piece.</summary>
    [Required(ErrorMessage = "The events are missing: send those of the turn, to its end.")]
    [RawJson("ThreadTurnEvent", IsArray = true)]
    public JsonElement? Events { get; init; }
}

/// <summary>Times in requests.</summary>
internal static partial class ThreadTime
{
    private static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // A client's clock may be fast, and its time zone wrong.
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(1);

    public static AppError? FindError(string? text, DateTimeOffset now) =>
        text is null ? null
        : Read(text) is not { } time ? JsonField.Error("$.created_at", "This must be a time such as 2026-01-31T12:00:00Z.")
        : time < Earliest || time > now + Ahead ? JsonField.Error("$.created_at", "This must be a time from the year 2000 to now.")
        : null;

    public static DateTimeOffset? Read(string? text) =>
        text is not null && Rfc3339().IsMatch(text)
            && DateTimeOffset.TryParse(text.ToUpperInvariant(), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var time) ? time : null;

    // The parser also accepts times without a date, and dates that each country reads in its own way.
    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Rfc3339();
}
