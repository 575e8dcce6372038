using System.Text.Json;
using FuncChat.Engine.Store;

namespace FuncChat.Engine.Threads;

/// <summary>Names a thread. Ids belong to a user, so no user can reach another's thread by guessing.</summary>
public readonly record struct ThreadKey(string User, string ThreadId)
{
    /// <summary>Whether an id is valid: 8 to 64 letters, digits, '_' and '-', as for turns.</summary>
    public static bool IsThreadId(string id) => TurnKey.IsTurnId(id);

    /// <summary>Returns a new id that is impossible to guess.</summary>
    public static string NewThreadId() => $"thread_{Guid.NewGuid():N}";

    /// <summary>The key as stores keep it for a link.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, EngineJson.Relaxed.ThreadKey);

    /// <summary>Parses what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="TurnStoreException">The bytes are not a key.</exception>
    public static ThreadKey Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            var key = JsonSerializer.Deserialize(json, EngineJson.Default.ThreadKey);
            return key is { User: not null, ThreadId: not null } && IsThreadId(key.ThreadId) ? key : throw Damaged(null);
        }
        catch (JsonException e)
        {
            throw Damaged(e);
        }
    }

    private static TurnStoreException Damaged(JsonException? failure) =>
        new(TurnStoreFailure.Damaged, "A stored link can't be read.", failure);

    internal TurnKey Turn(string turnId) => new(User, turnId);
}
