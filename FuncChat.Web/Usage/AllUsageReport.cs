using System.Globalization;
using System.Text.Json.Serialization;
using FuncChat.Engine.Usage;

namespace FuncChat.Web.Usage;

/// <summary>What all users have used in a month (UTC).</summary>
/// <param name="Month">The month, such as 2026-11.</param>
/// <param name="Total">What they have used together.</param>
/// <param name="Users">The users, those with the highest cost first.</param>
/// <param name="Keys">The API keys, each with all users that it names. These are among the users too.</param>
internal sealed record AllUsageReport(
    string Month, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Currency, AmountsUsed Total, IReadOnlyList<UsageOfUser> Users,
    IReadOnlyList<UsageOfKey> Keys)
{
    public static AllUsageReport Of(AllUsage usage, string? currency) => new(
        usage.Month.ToString("yyyy-MM", CultureInfo.InvariantCulture), currency,
        new AmountsUsed(
            usage.Users.Sum(user => user.Total.Tokens), currency is null ? null : usage.Users.Sum(user => user.Total.Cost),
            usage.Users.Sum(user => user.Total.ToolRuns), usage.Users.Sum(user => user.Total.Bytes)),
        [
            .. usage.Users.Select(user =>
                new UsageOfUser(user.User, user.Name, user.Total.Tokens, user.Total.Cost, user.Total.ToolRuns, user.Total.Bytes)),
        ],
        [.. usage.Keys.Select(key => new UsageOfKey(key.User, key.Total.Tokens, key.Total.Cost))]);
}

/// <param name="Cost">Absent if no model has a price.</param>
/// <param name="Bytes">The bytes stored for turns.</param>
internal sealed record AmountsUsed(long Tokens, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] decimal? Cost, long ToolRuns, long Bytes);

/// <param name="User">The user's id: the issuer and the subject of a token, or `key`, an API key's name and the user that the key names.</param>
/// <param name="Name">The e-mail address, if the user's token has one that counts.</param>
/// <param name="Cost">Absent if no model has a price.</param>
/// <param name="Bytes">The bytes stored for turns.</param>
internal sealed record UsageOfUser(
    string User, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Name, long Tokens,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] decimal? Cost, long ToolRuns, long Bytes);

/// <param name="Key">The name of the API key.</param>
/// <param name="Cost">Absent if no model has a price.</param>
internal sealed record UsageOfKey(string Key, long Tokens, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] decimal? Cost);
