using System.Text.Json;
using FuncChat.Engine.Store;

namespace FuncChat.Engine.Approvals;

/// <summary>How stores name and write a turn that waits.</summary>
public static class WaitingTurnName
{
    /// <summary>A name that is valid in every store, and unique to the turn.</summary>
    public static string Of(TurnKey key) => TurnKey.IsTurnId(key.TurnId)
        ? $"{PrefixOf(key.User)}{key.TurnId}.json"
        : throw new ArgumentException("The turn id is not valid.", nameof(key));

    /// <summary>What the names of a user's turns begin with.</summary>
    public static string PrefixOf(string user) => $"{UserHash.Of(user)}.";

    public static byte[] Write(TurnKey key) => JsonSerializer.SerializeToUtf8Bytes(key, EngineJson.Relaxed.TurnKey);

    /// <exception cref="TurnStoreException">The bytes are not a turn's key.</exception>
    public static TurnKey Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, EngineJson.Default.TurnKey);
        }
        catch (JsonException e)
        {
            throw new TurnStoreException(TurnStoreFailure.Damaged, "The stored name of a turn that waits can't be read.", e);
        }
    }
}
