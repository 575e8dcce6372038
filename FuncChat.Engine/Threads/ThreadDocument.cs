using System.Text.Json;
using System.Text.Json.Serialization;
using FuncChat.Engine.Store;

namespace FuncChat.Engine.Threads;

/// <summary>A thread: everything but the contents of its turns. A store replaces it as a whole, on the condition that it is unchanged.</summary>
public sealed record ThreadDocument
{
    public required string User { get; init; }

    public required string Id { get; init; }

    public string Title { get; init; } = "";

    /// <summary>Whether the user chose the title, so that no other replaces it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool TitleIsChosen { get; init; }

    /// <summary>The model of turns that name none, as `provider:name`.</summary>
    public string? Model { get; init; }

    /// <summary>The tools of turns that name none.</summary>
    public IReadOnlyList<string>? Tools { get; init; }

    /// <summary>Sent before the conversation of turns that have no system message of their own.</summary>
    public string? SystemPrompt { get; init; }

    /// <summary>A JSON object of the client's own.</summary>
    public RawJson? Metadata { get; init; }

    /// <summary>The name of the folder that the user has put it into; null for none.</summary>
    public string? Folder { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Archived { get; init; }

    /// <summary>Increases with each change, from <see cref="FirstVersionAt"/>.</summary>
    public long Version { get; init; }

    /// <summary>Whether the thread is being deleted: it no longer exists for its user, and its parts are removed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsDeleted { get; init; }

    /// <summary>The link that shows the thread to others; null if it is not shared.</summary>
    public ThreadShare? Share { get; init; }

    /// <summary>The turns that the link shows; empty if the thread is not shared.</summary>
    [JsonIgnore]
    public IEnumerable<ThreadTurn> SharedTurns => Share?.Turns.Select(turn => Find(turn.TurnId)).OfType<ThreadTurn>() ?? [];

    /// <summary>The turns in the order in which they were added. Together they are a tree: each names the turn that it follows.</summary>
    public IReadOnlyList<ThreadTurn> Turns { get; init; } = [];

    /// <summary>The deletions of turns that are not complete; null for none.</summary>
    public IReadOnlyList<TurnDeletion>? Deletions { get; init; }

    [JsonExtensionData]
    public UnknownFields? Unknown { get; set; }

    /// <summary>Whether it is not what was stored, but what can still be read of it (<see cref="DamagedThread"/>).</summary>
    [JsonIgnore]
    public bool IsDamaged { get; init; }

    [JsonIgnore]
    public ThreadKey Key => new(User, Id);

    /// <summary>Whether something of the thread must still be removed.</summary>
    [JsonIgnore]
    public bool HasRemains => IsDeleted || Deletions is not null;

    /// <summary>The bytes of the contents of all turns.</summary>
    [JsonIgnore]
    public long Bytes => Turns.Sum(turn => turn.Bytes);

    /// <summary>What the turns that have ended cost; null if no model has a price.</summary>
    [JsonIgnore]
    public decimal? Cost => Turns.Any(turn => turn.Cost is not null) ? Turns.Sum(turn => turn.Cost) : null;

    /// <summary>What lists show.</summary>
    [JsonIgnore]
    public ThreadSummary Summary => new(Id, Title, CreatedAt, UpdatedAt)
    {
        Model = Model,
        Metadata = Metadata,
        Folder = Folder,
        Archived = Archived,
        Version = Version,
        IsDeleted = IsDeleted,
        TurnCount = Turns.Count,
        RunningTurnId = Turns.LastOrDefault(turn => turn.IsRunning)?.TurnId,
        Cost = Cost,
        Bytes = Bytes,
        ShareId = Share?.Id,
        SharedAt = Share?.UpdatedAt,
    };

    /// <summary>The first version of a thread that is created now: later than all versions of a deleted one with its id.</summary>
    public static long FirstVersionAt(DateTimeOffset now) => now.UtcTicks;

    public ThreadTurn? Find(string? turnId) => Turns.FirstOrDefault(turn => turn.TurnId == turnId);

    /// <summary>The deletion of a turn that is not complete; null if there is none.</summary>
    public TurnDeletion? FindDeletion(string turnId) => Deletions?.FirstOrDefault(deletion => deletion.Turns.Any(turn => turn.TurnId == turnId));

    /// <summary>The turns from the first one to this one, each of which follows the one before it.</summary>
    public IReadOnlyList<ThreadTurn> PathTo(string? turnId)
    {
        var byId = Turns.ToDictionary(turn => turn.TurnId, StringComparer.Ordinal);
        var path = new List<ThreadTurn>();
        for (var id = turnId; id is not null && byId.Remove(id, out var turn); id = turn.ParentId)
            path.Add(turn);
        path.Reverse();
        return path;
    }

    /// <summary>The turn and those that follow it, on all branches.</summary>
    public IReadOnlyList<ThreadTurn> SubtreeOf(string turnId)
    {
        // A turn is added after the one that it follows.
        var ids = new HashSet<string>(StringComparer.Ordinal) { turnId };
        return [.. Turns.Where(turn => ids.Contains(turn.TurnId) || (turn.ParentId is { } parent && ids.Contains(parent) && ids.Add(turn.TurnId)))];
    }

    /// <summary>The thread with this turn in place of the one with its id, or after the others.</summary>
    public ThreadDocument With(ThreadTurn turn) => this with
    {
        Turns = Find(turn.TurnId) is { } known ? [.. Turns.Select(each => each == known ? turn : each)] : [.. Turns, turn],

        // A new turn may have the id of a deleted one that is still listed in a link of version 0.1.0.
        Share = Find(turn.TurnId) is null ? Share?.Without([turn.TurnId]) : Share,
    };

    /// <summary>The thread without these turns. Its link never shows a later turn that has the id of one of them.</summary>
    internal ThreadDocument Without(IReadOnlyCollection<string> turnIds) => this with
    {
        Turns = [.. Turns.Where(turn => !turnIds.Contains(turn.TurnId))],
        Share = Share?.Without(turnIds),
    };

    internal ThreadDocument With(TurnDeletion deletion) => this with { Deletions = [.. Deletions ?? [], deletion] };

    internal ThreadDocument WithoutDeletion(string id) => Deletions is null ? this : Deletions.Where(deletion => deletion.Id != id).ToList() switch
    {
        [] => this with { Deletions = null },
        var rest when rest.Count == Deletions.Count => this,
        var rest => this with { Deletions = rest },
    };

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, EngineJson.Relaxed.ThreadDocument);

    /// <param name="userHash">The <see cref="UserHash"/> that it is stored under.</param>
    /// <param name="threadId">The id that it is stored under.</param>
    /// <exception cref="TurnStoreException">The bytes are not this thread.</exception>
    public static ThreadDocument Parse(string userHash, string threadId, ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, EngineJson.StoredType<ThreadDocument>()) is { IsWhole: true } thread
                && thread.Id == threadId && UserHash.Of(thread.User) == userHash
                ? thread
                : throw Damaged(null);
        }
        catch (Exception e) when (TurnStoreException.IsOfData(e))
        {
            throw Damaged(e);
        }
    }

    // Beyond what any turn has, and low enough that the sums of all threads can't overflow.
    private const long MaxOfTurn = 1_000_000_000_000;

    // What the code that uses a thread relies on, and JSON can lack.
    private bool IsWhole =>
        Title is not null && Version is >= 0 and < long.MaxValue / 2
        && Turns?.All(turn => turn is { Bytes: >= 0 and <= MaxOfTurn, Cost: null or >= 0 and <= MaxOfTurn } && TurnKey.IsTurnId(turn.TurnId) && TurnKey.IsTurnId(turn.ContentId)) == true
        && Turns.DistinctBy(turn => turn.TurnId, StringComparer.Ordinal).Count() == Turns.Count
        && Share?.Turns.All(turn => turn?.Files.All(file => file is not null) == true) != false
        && (Share is null || ThreadShare.IsShareId(Share.Id))
        && Deletions?.All(deletion => deletion?.Turns.All(turn => turn is not null && TurnKey.IsTurnId(turn.TurnId) && TurnKey.IsTurnId(turn.ContentId)) == true) != false;

    private static TurnStoreException Damaged(Exception? failure) =>
        new(TurnStoreFailure.Damaged, "A stored thread can't be read.", failure) { Error = ThreadErrors.Damaged };
}
