using System.Text.Json;

namespace FuncChat.Engine;

/// <summary>
/// The fields of a stored object that this version does not know. They are written again with it: while a server is updated, instances of the old version change
/// what those of the new one have stored.
/// </summary>
public sealed class UnknownFields : Dictionary<string, JsonElement>, IEquatable<UnknownFields>
{
    public bool Equals(UnknownFields? other) =>
        other is not null && Count == other.Count && this.All(field => other.TryGetValue(field.Key, out var value) && JsonElement.DeepEquals(field.Value, value));

    public override bool Equals(object? obj) => Equals(obj as UnknownFields);

    public override int GetHashCode() => Count;
}
