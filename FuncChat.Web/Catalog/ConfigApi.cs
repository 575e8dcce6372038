using System.Text.Json.Serialization;
using FuncChat.Engine.Threads;
using FuncChat.Engine.Turns;
using FuncChat.Engine.Usage;
using FuncChat.Web.Auth;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace FuncChat.Web.Catalog;

/// <summary>`GET /api/config`: what a page needs before the user signs in. All of it is public.</summary>
internal sealed class ConfigApi
{
    private readonly ConfigDocument _document;

    public ConfigApi(
        IOptions<AuthSettings> auth, IOptions<QuotaOptions> limits, IOptions<HttpApiOptions> requests, IOptions<TurnOptions> turns, UsageReports usage,
        IOptions<ThreadOptions> threads)
    {
        var user = limits.Value;
        _document = new ConfigDocument(
            new SignInDocument(
                auth.Value.SignInRequired,
                [.. auth.Value.Providers.Select(provider =>
                    new SignInProvider(provider.Name, provider.Authority.AbsoluteUri.TrimEnd('/'), provider.Audiences[0]))]),
            new LimitsDocument(requests.Value.MaxBodyBytes, requests.Value.MaxMessages, turns.Value.MaxPerUser)
            {
                RequestsPerMinute = LimitOf(user.RequestsPerMinute),
                ToolRunsPerDay = LimitOf(user.ToolRunsPerDay),
                TokensPerDay = LimitOf(user.TokensPerDay),
                BytesPerDay = LimitOf(user.BytesPerDay),
            })
        {
            Currency = usage.Currency,
            Sharing = threads.Value.Sharing,
            TitlesByClient = threads.Value.TitlesByClient,
        };
    }

    public IResult Config() => TypedResults.Json(_document, WebJson.Relaxed.ConfigDocument);

    private static long? LimitOf(long limit) => limit == 0 ? null : limit;
}

internal sealed record ConfigDocument(SignInDocument SignIn, LimitsDocument Limits)
{
    /// <summary>The currency of costs. Absent if no model has a price.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Currency { get; init; }

    /// <summary>Who may open the links of shared threads.</summary>
    public ThreadSharing Sharing { get; init; }

    /// <summary>Whether clients may ask a model for the titles of their chats: false if the server writes those of threads, or keeps their first lines.</summary>
    public bool TitlesByClient { get; init; }
}

/// <param name="Required">Whether requests need a credential.</param>
internal sealed record SignInDocument(bool Required, IReadOnlyList<SignInProvider> Providers);

/// <param name="Authority">The OpenID Connect issuer.</param>
internal sealed record SignInProvider(string Name, string Authority, string ClientId);

/// <summary>The limits. A limit of each user is absent if there is none.</summary>
internal sealed record LimitsDocument(int MaxBodyBytes, int MaxMessages, int TurnsAtOnce)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? RequestsPerMinute { get; init; }

    /// <summary>Tool calls, and queries of searches.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? ToolRunsPerDay { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? TokensPerDay { get; init; }

    /// <summary>Bytes stored for turns.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? BytesPerDay { get; init; }
}
