using System.Text.Json.Serialization;

namespace FuncChat.Engine.Threads;

/// <summary>Who may open the links of shared threads.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ThreadSharing>))]
public enum ThreadSharing
{
    /// <summary>No one: threads can't be shared, and existing links do not work.</summary>
    [JsonStringEnumMemberName("off")] Off,

    /// <summary>Everyone who may use this server.</summary>
    [JsonStringEnumMemberName("users")] Users,

    /// <summary>Anyone who has the link, without signing in.</summary>
    [JsonStringEnumMemberName("anyone")] Anyone,
}
