using FuncChat.Engine;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Http;

/// <summary>The parameter `limit` of lists.</summary>
internal static class ListLimit
{
    private const int Usual = 50;

    /// <param name="most">The highest limit.</param>
    /// <param name="whenAbsent">The limit of a query without one; if it is null, that of most lists.</param>
    public static AppError? FindError(IQueryCollection query, int most, out int limit, int? whenAbsent = null)
    {
        limit = whenAbsent ?? Math.Min(Usual, most);
        var text = query["limit"].ToString();
        return text.Length == 0 || (WholeNumber.TryRead(text, out limit) && limit >= 1 && limit <= most)
            ? null
            : new AppError(ErrorCode.InvalidRequest, $"The parameter limit must be a whole number from 1 to {most}.");
    }
}
